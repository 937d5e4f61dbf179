-- Removes the worker-months whose tombstone was accepted. $1 municipality, $2 partnership.
DELETE FROM cases.worker_month AS t
USING pg_temp.stage_unit AS s
WHERE t.municipality_code = $1::smallint AND t.partnership_id = $2::integer
  AND t.worker_key = s.unit_key AND t.month = s.month AND s.unit_kind = 'WORKER_MONTH'
  AND s.was_held AND s.is_removed;
