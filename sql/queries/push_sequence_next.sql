-- The number of the batch that a sync run expects next.
-- $1 municipality, $2 partnership, $3 sync id.
SELECT r.next_sequence FROM cases.sync_run AS r
WHERE r.municipality_code = $1 AND r.partnership_id = $2 AND r.sync_id = $3;
