-- Cells of one table in every visible release: $1 partnership, $2 audience, $3 indicator,
-- $4 dimensions (any order; the keys come in this one), $5 first and $6 last period or ''.
SELECT c.period,
       CASE WHEN t.dimensions = $4::text[] THEN c.key_1 ELSE c.key_2 END,
       CASE WHEN t.dimensions = $4::text[] THEN c.key_2 ELSE c.key_1 END,
       c.outcome, c.state, coalesce(c.value, 0)
FROM release.release r
JOIN release.release_table t ON t.release_id = r.release_id
JOIN release.cell c ON c.release_id = t.release_id AND c.table_number = t.table_number
WHERE r.partnership_id = $1::integer AND r.state = 'visible'
  AND t.audience = $2 AND t.indicator = $3
  AND t.dimensions @> $4::text[] AND t.dimensions <@ $4::text[]
  AND c.period >= $5 AND ($6 = '' OR c.period <= $6);
