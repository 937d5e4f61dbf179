-- Members whose period was not closed: $1 id, $2 periods, $3 municipalities, side by side.
INSERT INTO release.left_out (release_id, period, municipality_code)
SELECT $1, l.period, l.municipality_code
FROM unnest($2::text[], $3::smallint[]) AS l (period, municipality_code);
