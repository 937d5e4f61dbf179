-- Stages rows of one push; the columns in the order of record_table.def.
COPY pg_temp.stage_case_file
    ("position", case_key, birth_year, sex, opened_date, closed_date,
     target_group, acting_municipality, worker_key)
FROM STDIN (FORMAT binary);
