-- Stores the accepted units' rows. $1 municipality, $2 partnership.
INSERT INTO cases.measurement
    (municipality_code, partnership_id, case_key, measurement_key, instrument,
    instrument_version, informant, measured_date, score_hundredths)
SELECT $1::smallint, $2::integer,
       r.case_key, r.measurement_key, r.instrument, r.instrument_version, r.informant,
       r.measured_date, r.score_hundredths
FROM pg_temp.stage_measurement AS r
JOIN pg_temp.stage_unit AS s ON s."position" = r."position" AND s.is_accepted
ORDER BY r.case_key, r.measurement_key;
