-- Takes the first batch of a sync run; no row when the run is known.
-- $1 municipality, $2 partnership, $3 sync id.
INSERT INTO cases.sync_run (municipality_code, partnership_id, sync_id, next_sequence)
VALUES ($1, $2, $3, 2)
ON CONFLICT DO NOTHING;
