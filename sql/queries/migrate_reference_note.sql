-- Notes a loaded reference file: $1 name, $2 digest.
INSERT INTO ledger.reference (name, sha256) VALUES ($1, $2)
ON CONFLICT (name) DO UPDATE SET sha256 = excluded.sha256, loaded_at = now();
