-- Stages rows of one push; the columns in the order of record_table.def.
COPY pg_temp.stage_measurement
    ("position", measurement_key, case_key, instrument, instrument_version, informant,
     measured_date, score_hundredths)
FROM STDIN (FORMAT binary);
