-- Stores the accepted units' rows. $1 municipality, $2 partnership.
INSERT INTO cases.intervention
    (municipality_code, partnership_id, case_key, intervention_key, paragraph, place_type,
    decision_date, start_date, end_date, end_reason)
SELECT $1::smallint, $2::integer,
       r.case_key, r.intervention_key, r.paragraph, r.place_type, r.decision_date, r.start_date,
       r.end_date, r.end_reason
FROM pg_temp.stage_intervention AS r
JOIN pg_temp.stage_unit AS s ON s."position" = r."position" AND s.is_accepted
ORDER BY r.case_key, r.intervention_key;
