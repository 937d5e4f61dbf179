-- Releases that the role may see, newest first: $1 partnership slug, or '' for all.
SELECT r.release_id, s.slug, r.state,
       coalesce((SELECT min(p.period) FROM release.release_period p
                 WHERE p.release_id = r.release_id), ''),
       coalesce((SELECT max(p.period) FROM release.release_period p
                 WHERE p.release_id = r.release_id), ''),
       r.staged_at,
       (SELECT count(*) FROM release.approval a WHERE a.release_id = r.release_id),
       r.manifest_sha256, r.cells_shown, r.cells_withheld, r.policy,
       coalesce((SELECT string_agg(l.period || ' ' || l.municipality_code, '|'
                                   ORDER BY l.period, l.municipality_code)
                 FROM release.left_out l WHERE l.release_id = r.release_id), ''),
       r.synthetic
FROM release.release r
JOIN gov.partnership s ON s.partnership_id = r.partnership_id
WHERE $1 = '' OR s.slug = $1
ORDER BY r.staged_at DESC, r.release_id DESC;
