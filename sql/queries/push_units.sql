-- The held units in the order of their keys. $1 municipality, $2 partnership.
SELECT u.unit_kind = 'CASE', u.unit_key, u.month, u.version
FROM cases.unit AS u
WHERE u.municipality_code = $1 AND u.partnership_id = $2 AND NOT u.is_removed
ORDER BY u.unit_kind, u.unit_key, u.month;
