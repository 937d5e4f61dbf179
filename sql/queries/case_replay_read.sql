-- The first answer to an idempotency key. $1 municipality, $2 principal, $3 key.
SELECT p.method, p.request_sha256, p.response
FROM cases.push_result AS p
WHERE p.municipality_code = $1 AND p.principal_id = $2 AND p.idempotency_key = $3;
