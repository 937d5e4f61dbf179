-- Ends a principal that has not ended: $1 id. Its next epoch refuses every token given out.
UPDATE gov.principal
SET epoch = epoch + 1, revoked_at = now()
WHERE principal_id = $1 AND revoked_at IS NULL
RETURNING epoch;
