-- Opens a transaction that may write, all of it as of its first statement.
BEGIN ISOLATION LEVEL REPEATABLE READ READ WRITE;
