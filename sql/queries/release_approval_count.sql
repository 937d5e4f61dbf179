-- How many stewards have signed: $1 release.
SELECT count(*) FROM release.approval a WHERE a.release_id = $1;
