-- Which reference files are loaded, and their text's digest.
CREATE TABLE IF NOT EXISTS ledger.reference (
    name text PRIMARY KEY,
    sha256 bytea NOT NULL CHECK (octet_length(sha256) = 32),
    loaded_at timestamptz NOT NULL DEFAULT now()
);
