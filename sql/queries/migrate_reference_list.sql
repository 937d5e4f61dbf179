-- The loaded reference files.
SELECT name, sha256 FROM ledger.reference ORDER BY name;
