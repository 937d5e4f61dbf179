-- Shows a release: $1 id. The trigger checks the state and the signatures.
UPDATE release.release
SET state = 'visible', visible_at = now()
WHERE release_id = $1;
