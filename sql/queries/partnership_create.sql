-- Registers a partnership with members and agreement: $1 slug, $2 name, $3 first day, $4 day
-- after the last, $5 synthetic, $6 municipality codes, $7 roles that see members by name,
-- $8 policy, $9 threshold, $10 width.
WITH made AS (
    INSERT INTO gov.partnership (slug, name, from_date, to_date, synthetic)
    VALUES ($1, $2, $3::date, $4::date, $5::boolean)
    RETURNING partnership_id, from_date, to_date
), members AS (
    INSERT INTO gov.membership (partnership_id, municipality_code, from_date, to_date)
    SELECT m.partnership_id, unnest($6::smallint[]), m.from_date, m.to_date
    FROM made m
), agreed AS (
    INSERT INTO gov.agreement (partnership_id, named_to, policy, threshold, width)
    SELECT m.partnership_id, $7::text[], $8, $9::integer, $10::integer
    FROM made m
)
SELECT m.partnership_id FROM made m;
