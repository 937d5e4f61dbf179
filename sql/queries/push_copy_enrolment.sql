-- Stages rows of one push; the columns in the order of record_table.def.
COPY pg_temp.stage_enrolment
    ("position", case_key, from_date, to_date, cohort, practice, site, team)
FROM STDIN (FORMAT binary);
