-- Opens a transaction that may write; each statement sees what is committed by then.
BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE;
