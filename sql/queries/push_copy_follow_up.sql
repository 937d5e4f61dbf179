-- Stages rows of one push; the columns in the order of record_table.def.
COPY pg_temp.stage_follow_up
    ("position", followup_key, case_key, followup_date, decided_interval_days)
FROM STDIN (FORMAT binary);
