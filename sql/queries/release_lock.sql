-- Holds a release until the transaction ends, and says where it stands: $1 id.
SELECT r.state, r.manifest_sha256, r.visible_at IS NOT NULL
FROM release.release r
WHERE r.release_id = $1
FOR UPDATE;
