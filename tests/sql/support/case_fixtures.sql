-- Children's rows in few words; included by the fact files, inside their transaction. All are
-- Herning's (657) in partnership 1 unless told otherwise.

-- A child's case and enrolment: both from `opened` unless told otherwise.
CREATE FUNCTION pg_temp.child(
    id integer, birth_year integer, opened date, closed date DEFAULT NULL,
    enrolled date DEFAULT NULL, left_on date DEFAULT NULL, worker integer DEFAULT NULL,
    acting integer DEFAULT NULL, partnership integer DEFAULT 1) RETURNS void
LANGUAGE sql AS $$
    INSERT INTO cases.case_file
    VALUES (657, partnership, tap.key(id), birth_year, 'M', opened, closed, 'OTHER', acting,
            tap.key(worker));
    INSERT INTO cases.enrolment (municipality_code, partnership_id, case_key, from_date, to_date)
    VALUES (657, partnership, tap.key(id), coalesce(enrolled, opened), left_on);
$$;

CREATE FUNCTION pg_temp.spell(
    child integer, id integer, paragraph text, place_type text, start_date date,
    end_date date DEFAULT NULL, partnership integer DEFAULT 1) RETURNS void
LANGUAGE sql AS $$
    INSERT INTO cases.intervention
        (municipality_code, partnership_id, case_key, intervention_key, paragraph, place_type,
         start_date, end_date)
    VALUES (657, partnership, tap.key(child), tap.key(id), paragraph, place_type, start_date,
            end_date);
$$;

CREATE FUNCTION pg_temp.follow_up(
    child integer, id integer, held date, VARIADIC interventions integer[]) RETURNS void
LANGUAGE sql AS $$
    INSERT INTO cases.follow_up
    VALUES (657, 1, tap.key(child), tap.key(id), held, NULL);
    INSERT INTO cases.follow_up_intervention
    SELECT 657, 1, tap.key(child), tap.key(id), tap.key(i) FROM unnest(interventions) AS i;
$$;

CREATE FUNCTION pg_temp.score(
    child integer, id integer, instrument text, informant text, measured date, points numeric,
    version text DEFAULT NULL) RETURNS void
LANGUAGE sql AS $$
    INSERT INTO cases.measurement
    VALUES (657, 1, tap.key(child), tap.key(id), instrument,
            coalesce(version, CASE instrument WHEN 'WHO5' THEN '1998' ELSE 'P4-17' END),
            informant, measured, (points * 100)::integer);
$$;

CREATE FUNCTION pg_temp.capacity(
    worker integer, month date, fte_hundredths integer, leave text DEFAULT 'NONE') RETURNS void
LANGUAGE sql AS $$
    INSERT INTO cases.worker_month
    VALUES (657, 1, tap.key(worker), month, fte_hundredths, leave, NULL);
$$;

-- The facts of Herning: one partition each, which plans faster than all 98.
CREATE TEMPORARY VIEW child_at_date AS SELECT * FROM facts.child_at_date WHERE municipality_code = 657;
CREATE TEMPORARY VIEW child_move AS SELECT * FROM facts.child_move WHERE municipality_code = 657;
CREATE TEMPORARY VIEW obligation AS SELECT * FROM facts.obligation WHERE municipality_code = 657;
CREATE TEMPORARY VIEW followup_interval AS
SELECT * FROM facts.followup_interval WHERE municipality_code = 657;
CREATE TEMPORARY VIEW worker_at_date AS
SELECT * FROM facts.worker_at_date WHERE municipality_code = 657;
CREATE TEMPORARY VIEW measurement_pair AS
SELECT * FROM facts.measurement_pair WHERE municipality_code = 657;
CREATE TEMPORARY VIEW measurement_change AS
SELECT * FROM facts.measurement_change WHERE municipality_code = 657;
