-- Forgets answers older than $2 days. $1 municipality.
DELETE FROM cases.push_result AS p
WHERE p.municipality_code = $1 AND p.created_at < now() - make_interval(days => $2);
