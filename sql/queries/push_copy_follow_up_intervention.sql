-- Stages rows of one push; the columns in the order of record_table.def.
COPY pg_temp.stage_follow_up_intervention
    ("position", case_key, followup_key, intervention_key)
FROM STDIN (FORMAT binary);
