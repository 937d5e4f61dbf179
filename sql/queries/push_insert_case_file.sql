-- Stores the accepted units' rows. $1 municipality, $2 partnership.
INSERT INTO cases.case_file
    (municipality_code, partnership_id, case_key, birth_year, sex, opened_date, closed_date,
    target_group, acting_municipality, worker_key)
SELECT $1::smallint, $2::integer,
       r.case_key, r.birth_year, r.sex, r.opened_date, r.closed_date, r.target_group,
       r.acting_municipality, r.worker_key
FROM pg_temp.stage_case_file AS r
JOIN pg_temp.stage_unit AS s ON s."position" = r."position" AND s.is_accepted
ORDER BY r.case_key
ON CONFLICT (municipality_code, partnership_id, case_key)
DO UPDATE SET birth_year = excluded.birth_year,
              sex = excluded.sex,
              opened_date = excluded.opened_date,
              closed_date = excluded.closed_date,
              target_group = excluded.target_group,
              acting_municipality = excluded.acting_municipality,
              worker_key = excluded.worker_key;
