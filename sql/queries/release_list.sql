-- Releases that the role may see, newest first: $1 partnership slug, or '' for all. Half-years
-- lie inside the quarters, so the span is that of the quarters where there are any.
SELECT r.release_id, s.slug, r.state,
       coalesce(span.quarter_from, span.any_from, ''),
       coalesce(span.quarter_to, span.any_to, ''),
       r.staged_at,
       (SELECT count(*) FROM release.approval a WHERE a.release_id = r.release_id),
       r.manifest_sha256, r.cells_shown, r.cells_withheld, r.policy,
       coalesce((SELECT string_agg(l.period || ' ' || l.municipality_code, '|'
                                   ORDER BY l.period, l.municipality_code)
                 FROM release.left_out l WHERE l.release_id = r.release_id), ''),
       r.synthetic
FROM release.release r
JOIN gov.partnership s ON s.partnership_id = r.partnership_id
CROSS JOIN LATERAL (
    SELECT min(p.period) FILTER (WHERE p.period LIKE '%Q%') AS quarter_from,
           max(p.period) FILTER (WHERE p.period LIKE '%Q%') AS quarter_to,
           min(p.period) AS any_from, max(p.period) AS any_to
    FROM release.release_period p
    WHERE p.release_id = r.release_id
) span
WHERE $1 = '' OR s.slug = $1
ORDER BY r.staged_at DESC, r.release_id DESC;
