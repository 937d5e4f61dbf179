-- One push at a time of a municipality in a partnership, until the transaction ends.
-- $1 municipality, $2 partnership.
SELECT pg_advisory_xact_lock($1::integer, $2::integer);
