-- Opens a transaction that only reads, all of it as of its first statement.
BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY;
