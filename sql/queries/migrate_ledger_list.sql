-- The applied migrations in their order.
SELECT number, name, sha256 FROM ledger.migration ORDER BY number;
