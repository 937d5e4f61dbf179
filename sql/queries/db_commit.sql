-- Makes the transaction last.
COMMIT;
