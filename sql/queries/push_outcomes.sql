-- What became of each unit of the batch, and whether it replaces another version.
SELECT s."position", s.is_accepted, s.is_removed, s.was_held FROM pg_temp.stage_unit AS s;
