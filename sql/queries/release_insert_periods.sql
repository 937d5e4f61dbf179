-- The periods of a staged release: $1 id, $2 partnership, $3 periods.
INSERT INTO release.release_period (release_id, partnership_id, period)
SELECT $1, $2::integer, unnest($3::text[]);
