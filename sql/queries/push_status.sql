-- How much is held, and when the last batch came. $1 municipality, $2 partnership.
SELECT count(*) FILTER (WHERE u.unit_kind = 'CASE'),
       count(*) FILTER (WHERE u.unit_kind = 'WORKER_MONTH'),
       (SELECT max(r.last_received_at) FROM cases.sync_run AS r
        WHERE r.municipality_code = $1 AND r.partnership_id = $2)
FROM cases.unit AS u
WHERE u.municipality_code = $1 AND u.partnership_id = $2 AND NOT u.is_removed;
