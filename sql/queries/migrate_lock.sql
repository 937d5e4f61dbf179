-- One migration at a time; released with the transaction. The number is 'fremgang' in short.
SELECT pg_advisory_xact_lock(708736264);
