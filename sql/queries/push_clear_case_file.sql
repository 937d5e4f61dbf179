-- Removes the cases whose tombstone was accepted. $1 municipality, $2 partnership.
DELETE FROM cases.case_file AS t
USING pg_temp.stage_unit AS s
WHERE t.municipality_code = $1::smallint AND t.partnership_id = $2::integer
  AND t.case_key = s.unit_key AND s.unit_kind = 'CASE' AND s.was_held AND s.is_removed;
