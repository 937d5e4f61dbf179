-- The visible releases that a table's cells come from: parameters as table_cells.
SELECT r.release_id, r.policy,
       coalesce((SELECT string_agg(l.period || ' ' || l.municipality_code, '|'
                                   ORDER BY l.period, l.municipality_code)
                 FROM release.left_out l
                 WHERE l.release_id = r.release_id
                   AND l.period >= $5 AND ($6 = '' OR l.period <= $6)), '')
FROM release.release r
JOIN release.release_table t ON t.release_id = r.release_id
WHERE r.partnership_id = $1::integer AND r.state = 'visible'
  AND t.audience = $2 AND t.indicator = $3
  AND t.dimensions @> $4::text[] AND t.dimensions <@ $4::text[]
  AND EXISTS (SELECT FROM release.release_period p
              WHERE p.release_id = r.release_id
                AND p.period >= $5 AND ($6 = '' OR p.period <= $6))
ORDER BY r.release_id;
