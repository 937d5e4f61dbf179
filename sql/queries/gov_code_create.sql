-- Keeps the digest of a new enrolment code: $1 digest, $2 role, $3 name, $4 municipality or 0,
-- $5 partnerships, $6 by whom or NULL, $7 end in microseconds since 1970.
INSERT INTO gov.enrolment_code (code_sha256, role, name, municipality_code, partnership_ids,
                                created_by, expires_at)
VALUES ($1, $2, $3, nullif($4::smallint, 0::smallint), $5::integer[], $6,
        to_timestamp($7::bigint / 1000000.0));
