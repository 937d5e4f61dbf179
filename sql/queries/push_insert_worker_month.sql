-- Stores the accepted units' rows. $1 municipality, $2 partnership.
INSERT INTO cases.worker_month
    (municipality_code, partnership_id, worker_key, month, fte_hundredths, leave, team)
SELECT $1::smallint, $2::integer,
       r.worker_key, r.month, r.fte_hundredths, r.leave, r.team
FROM pg_temp.stage_worker_month AS r
JOIN pg_temp.stage_unit AS s ON s."position" = r."position" AND s.is_accepted
ORDER BY r.worker_key, r.month
ON CONFLICT (municipality_code, partnership_id, worker_key, month)
DO UPDATE SET fte_hundredths = excluded.fte_hundredths,
              leave = excluded.leave,
              team = excluded.team;
