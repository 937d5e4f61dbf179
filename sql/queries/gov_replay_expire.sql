-- Drops answers that are older than $1 days.
DELETE FROM gov.idempotency i
WHERE i.created_at <= now() - make_interval(days => $1::integer);
