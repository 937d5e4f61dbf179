-- Claims an idempotency key: a second call with it waits here until the first has ended.
-- $1 municipality, $2 principal, $3 key, $4 method, $5 digest of the request.
INSERT INTO cases.push_result
    (municipality_code, principal_id, idempotency_key, method, request_sha256)
VALUES ($1, $2, $3, $4, $5)
ON CONFLICT DO NOTHING;
