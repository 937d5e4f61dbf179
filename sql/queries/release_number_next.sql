-- The number of a partnership's next release: $1 partnership.
SELECT (count(*) + 1)::integer
FROM release.release r
WHERE r.partnership_id = $1::integer;
