-- The schema of the ledger; owned by the role that migrates, seen by nobody else.
CREATE SCHEMA IF NOT EXISTS ledger;
