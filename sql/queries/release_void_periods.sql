-- Frees the periods of a release that was withdrawn before anyone saw it: $1 id.
UPDATE release.release_period
SET void = true
WHERE release_id = $1;
