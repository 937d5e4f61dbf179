-- The members of a partnership: $1 partnership.
SELECT m.municipality_code, m.from_date, m.to_date
FROM gov.membership m
WHERE m.partnership_id = $1::integer
ORDER BY m.municipality_code, m.from_date;
