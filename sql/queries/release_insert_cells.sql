-- Cells of a staged table, side by side: $1 id, $2 table, $3 periods, $4 and $5 keys,
-- $6 outcomes, $7 states, $8 values (only those of exact cells count).
INSERT INTO release.cell (release_id, table_number, period, key_1, key_2, outcome, state, value)
SELECT $1, $2::integer, c.period, c.key_1, c.key_2, c.outcome, c.state,
       CASE WHEN c.state = 'exact' THEN c.value END
FROM unnest($3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::bigint[])
     AS c (period, key_1, key_2, outcome, state, value);
