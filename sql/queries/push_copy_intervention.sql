-- Stages rows of one push; the columns in the order of record_table.def.
COPY pg_temp.stage_intervention
    ("position", intervention_key, case_key, paragraph, place_type, decision_date,
     start_date, end_date, end_reason)
FROM STDIN (FORMAT binary);
