-- Keeps the answer to a claimed key. $1 municipality, $2 principal, $3 key, $4 the answer.
UPDATE cases.push_result AS p
SET response = $4
WHERE p.municipality_code = $1 AND p.principal_id = $2 AND p.idempotency_key = $3
  AND p.response IS NULL;
