-- A steward's signature: $1 release, $2 principal, $3 manifest digest, $4 request id,
-- $5 idempotency key, $6 request, $7 time of signing, $8 signature.
INSERT INTO release.approval (release_id, principal_id, manifest_sha256, request_id,
                              idempotency_key, request, signed_at_us, signature)
VALUES ($1, $2, $3, $4, $5, $6, $7::bigint, $8);
