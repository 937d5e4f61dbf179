-- Grants a researcher a permit: $1 principal, $2 partnership, $3 purpose, $4 day after the
-- last, $5 by whom.
INSERT INTO gov.permit (principal_id, partnership_id, purpose, until_date, granted_by)
VALUES ($1, $2::integer, $3, $4::date, $5)
RETURNING permit_id;
