-- What became of each unit of the batch.
SELECT s."position", s.is_accepted, s.is_removed FROM pg_temp.stage_unit AS s;
