-- The first answer to a key: $1 principal, $2 key, $3 oldest in days.
SELECT i.request_sha256, i.response
FROM gov.idempotency i
WHERE i.principal_id = $1 AND i.idempotency_key = $2
  AND i.created_at > now() - make_interval(days => $3::integer);
