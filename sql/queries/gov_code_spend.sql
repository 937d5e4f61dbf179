-- Spends an enrolment code and registers its principal, both or neither: $1 digest of the code,
-- $2 new principal's id, $3 public key, $4 now in microseconds since 1970. Of two callers with
-- one code the second waits for the first's row and then finds it used.
WITH spent AS (
    UPDATE gov.enrolment_code c
    SET used_at = to_timestamp($4::bigint / 1000000.0), used_by = $2
    WHERE c.code_sha256 = $1 AND c.used_at IS NULL
      AND c.expires_at > to_timestamp($4::bigint / 1000000.0)
    RETURNING c.role, c.name, c.municipality_code, c.partnership_ids
), made AS (
    INSERT INTO gov.principal (principal_id, role, name, municipality_code, public_key)
    SELECT $2, s.role, s.name, s.municipality_code, $3
    FROM spent s
    RETURNING principal_id, role, coalesce(municipality_code, 0::smallint) AS municipality_code,
              epoch, public_key
), linked AS (
    INSERT INTO gov.principal_partnership (principal_id, partnership_id)
    SELECT $2, unnest(s.partnership_ids)
    FROM spent s
)
SELECT m.principal_id, m.role, m.municipality_code, m.epoch, false, m.public_key
FROM made m;
