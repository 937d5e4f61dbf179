-- Stages rows of one push; the columns in the order of record_table.def.
COPY pg_temp.stage_unit
    ("position", unit_kind, unit_key, month, version, is_removed, is_accepted, was_held)
FROM STDIN (FORMAT binary);
