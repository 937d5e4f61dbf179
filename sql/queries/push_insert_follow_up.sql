-- Stores the accepted units' rows. $1 municipality, $2 partnership.
INSERT INTO cases.follow_up
    (municipality_code, partnership_id, case_key, followup_key, followup_date,
    decided_interval_days)
SELECT $1::smallint, $2::integer,
       r.case_key, r.followup_key, r.followup_date, r.decided_interval_days
FROM pg_temp.stage_follow_up AS r
JOIN pg_temp.stage_unit AS s ON s."position" = r."position" AND s.is_accepted
ORDER BY r.case_key, r.followup_key;
