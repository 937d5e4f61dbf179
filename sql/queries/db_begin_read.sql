-- Opens a transaction that only reads; each statement sees what is committed by then.
BEGIN ISOLATION LEVEL READ COMMITTED READ ONLY;
