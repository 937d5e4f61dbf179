-- One principal as the gate knows it: $1 id.
SELECT p.principal_id, p.role, coalesce(p.municipality_code, 0::smallint), p.epoch,
       p.revoked_at IS NOT NULL, p.public_key
FROM gov.principal p
WHERE p.principal_id = $1;
