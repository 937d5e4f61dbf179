-- Hides a release for good: $1 id, $2 by whom, $3 why.
UPDATE release.release
SET state = 'withdrawn', withdrawn_at = now(), withdrawn_by = $2, withdrawn_reason = $3
WHERE release_id = $1;
