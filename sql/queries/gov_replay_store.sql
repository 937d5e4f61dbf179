-- Keeps an answer, in the place of one too old to be given: $1 principal, $2 key, $3 method,
-- $4 digest of the request, $5 response.
INSERT INTO gov.idempotency AS kept (principal_id, idempotency_key, method, request_sha256, response)
VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (principal_id, idempotency_key) DO UPDATE
SET method = excluded.method, request_sha256 = excluded.request_sha256,
    response = excluded.response, created_at = now();
