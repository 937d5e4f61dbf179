-- Holds an idempotency key until the transaction ends: $1 principal, $2 key.
SELECT pg_advisory_xact_lock(hashtextextended($1 || ' ' || $2, 7501));
