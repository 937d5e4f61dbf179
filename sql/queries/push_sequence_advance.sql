-- Takes a later batch of a sync run; no row when another is expected.
-- $1 municipality, $2 partnership, $3 sync id, $4 the batch's number.
UPDATE cases.sync_run AS r
SET next_sequence = r.next_sequence + 1, last_received_at = now()
WHERE r.municipality_code = $1 AND r.partnership_id = $2 AND r.sync_id = $3
  AND r.next_sequence = $4;
