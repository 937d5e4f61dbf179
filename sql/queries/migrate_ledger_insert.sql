-- Notes an applied migration: $1 number, $2 name, $3 digest.
INSERT INTO ledger.migration (number, name, sha256) VALUES ($1, $2, $3);
