-- Stages rows of one push; the columns in the order of record_table.def.
COPY pg_temp.stage_worker_month
    ("position", worker_key, month, fte_hundredths, leave, team)
FROM STDIN (FORMAT binary);
