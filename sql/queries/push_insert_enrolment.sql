-- Stores the accepted units' rows; of two from one day the longer,
-- for an enrolment that ends as it begins covers no day. $1 municipality, $2 partnership.
INSERT INTO cases.enrolment
    (municipality_code, partnership_id, case_key, from_date, to_date, cohort, practice, site,
    team)
SELECT DISTINCT ON (r.case_key, r.from_date)
       $1::smallint, $2::integer,
       r.case_key, r.from_date, r.to_date, r.cohort, r.practice, r.site, r.team
FROM pg_temp.stage_enrolment AS r
JOIN pg_temp.stage_unit AS s ON s."position" = r."position" AND s.is_accepted
ORDER BY r.case_key, r.from_date, r.to_date DESC NULLS FIRST;
