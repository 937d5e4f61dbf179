-- What the members of a partnership have closed: $1 partnership.
SELECT c.period, c.municipality_code
FROM gov.period_close c
WHERE c.partnership_id = $1::integer
ORDER BY c.period, c.municipality_code;
