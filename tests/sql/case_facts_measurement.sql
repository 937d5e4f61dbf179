-- Goal: which two scores make a pair, and what their difference means (I26, I27). Method: one
-- child a question, enrolled from 2014-01-10; WHO-5 (higher is better, change 10, cut-off 50)
-- and SDQ (lower is better, change 7, cut-off 17).
BEGIN;
\ir support/case_fixtures.sql
SELECT no_plan();

CREATE TEMPORARY TABLE asked (
    child integer, instrument text, informant text, before numeric, after numeric, change text,
    outcome text) ON COMMIT DROP;
INSERT INTO asked VALUES
    (1, 'WHO5', 'CHILD', 44, 60, 'BETTER_C', 'RECOVERED'),
    (2, 'WHO5', 'CHILD', 40, 50, 'BETTER_C', 'RECOVERED'),   -- exactly 10, exactly at the cut-off
    (3, 'WHO5', 'CHILD', 40, 49, 'SAME', 'UNCHANGED'),       -- 9
    (4, 'WHO5', 'CHILD', 30, 49, 'BETTER_C', 'IMPROVED'),    -- 19, still low
    (5, 'WHO5', 'CHILD', 60, 80, 'BETTER_2C', 'IMPROVED'),   -- exactly 20, was not low
    (6, 'WHO5', 'CHILD', 60, 51, 'SAME', 'UNCHANGED'),
    (7, 'WHO5', 'CHILD', 60, 50, 'WORSE_C', 'DETERIORATED'),
    (8, 'WHO5', 'CHILD', 60, 41, 'WORSE_C', 'DETERIORATED'),
    (9, 'WHO5', 'CHILD', 60, 40, 'WORSE_2C', 'DETERIORATED'),
    (10, 'WHO5', 'CHILD', 28, 56, 'BETTER_2C', 'RECOVERED'),
    (11, 'SDQ_TOTAL', 'PARENT', 22, 14, 'BETTER_C', 'RECOVERED'),
    (12, 'SDQ_TOTAL', 'PARENT', 30, 22, 'BETTER_C', 'IMPROVED'),
    (13, 'SDQ_TOTAL', 'PARENT', 22, 18, 'SAME', 'UNCHANGED'),
    (14, 'SDQ_TOTAL', 'PARENT', 12, 20, 'WORSE_C', 'DETERIORATED'),
    (15, 'SDQ_TOTAL', 'PARENT', 24, 17, 'BETTER_C', 'IMPROVED'),  -- exactly 7, at the cut-off
    (16, 'SDQ_TOTAL', 'PARENT', 17, 3, 'BETTER_2C', 'RECOVERED'); -- exactly 14, from the cut-off
SELECT pg_temp.child(child, 2002, '2014-01-10', NULL, NULL, '2014-12-31') FROM asked;
SELECT pg_temp.score(child, 100 + child, instrument, informant, '2014-01-20', before) FROM asked;
SELECT pg_temp.score(child, 200 + child, instrument, informant, '2014-05-20', after) FROM asked;
SELECT results_eq(
    $$ SELECT p.subject, p.period_kind, p.period, p.age_band, p.outcome, c.outcome, p.units
       FROM pg_temp.measurement_pair AS p
       JOIN pg_temp.measurement_change AS c USING (subject, period) ORDER BY 1 $$,
    $$ SELECT tap.key(child), 'half_year', '2014-H1', '12-14', outcome, change, 1::bigint
       FROM asked ORDER BY child $$,
    'each pair has its reliable change and its band');

-- Which score is the baseline, and which the follow-up. Enrolled 2014-01-10, so the baseline
-- lies from 2013-10-12 to 2014-02-09.
CREATE FUNCTION pg_temp.pairs(first_child integer, last_child integer)
RETURNS TABLE (child bytea, period text, outcome text) LANGUAGE sql AS $$
    SELECT subject, period, outcome FROM pg_temp.measurement_change
    WHERE subject BETWEEN tap.key(first_child) AND tap.key(last_child) $$;
SELECT pg_temp.child(id, 2002, '2013-01-01', NULL, '2014-01-10', '2015-07-01')
FROM generate_series(20, 33) AS id;

SELECT pg_temp.score(20, 2001, 'WHO5', 'CHILD', '2013-10-12', 40);  -- day -90
SELECT pg_temp.score(20, 2002, 'WHO5', 'CHILD', '2014-06-01', 60);
SELECT pg_temp.score(21, 2101, 'WHO5', 'CHILD', '2013-10-11', 40);  -- day -91
SELECT pg_temp.score(21, 2102, 'WHO5', 'CHILD', '2014-06-01', 60);
SELECT pg_temp.score(22, 2201, 'WHO5', 'CHILD', '2014-02-09', 40);  -- day 30
SELECT pg_temp.score(22, 2202, 'WHO5', 'CHILD', '2014-06-01', 60);
SELECT pg_temp.score(23, 2301, 'WHO5', 'CHILD', '2014-02-10', 40);  -- day 31
SELECT pg_temp.score(23, 2302, 'WHO5', 'CHILD', '2014-06-01', 60);
SELECT set_eq(
    $$ SELECT * FROM pg_temp.pairs(20, 23) $$,
    $$ VALUES (tap.key(20), '2014-H1', 'BETTER_2C'), (tap.key(22), '2014-H1', 'BETTER_2C') $$,
    'the baseline lies from 90 days before to 30 days after the enrolment began');

SELECT pg_temp.score(24, 2401, 'WHO5', 'CHILD', '2013-12-01', 70);  -- not the last before
SELECT pg_temp.score(24, 2402, 'WHO5', 'CHILD', '2014-01-20', 40);  -- the last: baseline
SELECT pg_temp.score(24, 2403, 'WHO5', 'CHILD', '2014-06-01', 60);
SELECT pg_temp.score(25, 2501, 'WHO5', 'CHILD', '2014-01-20', 40);
SELECT pg_temp.score(25, 2502, 'WHO5', 'CHILD', '2014-03-20', 60);  -- day 59
SELECT pg_temp.score(26, 2601, 'WHO5', 'CHILD', '2014-01-20', 40);
SELECT pg_temp.score(26, 2602, 'WHO5', 'CHILD', '2014-03-21', 60);  -- day 60
SELECT set_eq(
    $$ SELECT * FROM pg_temp.pairs(24, 26) $$,
    $$ VALUES (tap.key(24), '2014-H1', 'BETTER_2C'), (tap.key(26), '2014-H1', 'BETTER_2C') $$,
    'the last score of the window is the baseline; the follow-up comes 60 days later or more');

-- The latest of a half-year; every half-year its own.
SELECT pg_temp.score(27, 2701, 'WHO5', 'CHILD', '2014-01-20', 40);
SELECT pg_temp.score(27, 2702, 'WHO5', 'CHILD', '2014-04-20', 80);
SELECT pg_temp.score(27, 2703, 'WHO5', 'CHILD', '2014-06-30', 44);
SELECT pg_temp.score(27, 2704, 'WHO5', 'CHILD', '2014-07-01', 52);
SELECT pg_temp.score(27, 2705, 'WHO5', 'CHILD', '2015-07-01', 80);  -- enrolled no more
SELECT results_eq(
    $$ SELECT period, outcome FROM pg_temp.pairs(27, 27) ORDER BY 1 $$,
    $$ VALUES ('2014-H1', 'SAME'), ('2014-H2', 'BETTER_C') $$,
    'the latest score of each half-year, while enrolled');

-- The same instrument, version and informant on both sides.
SELECT pg_temp.score(28, 2801, 'WHO5', 'CHILD', '2014-01-20', 40);
SELECT pg_temp.score(28, 2802, 'WHO5', 'PARENT', '2014-06-01', 60);
SELECT pg_temp.score(29, 2901, 'WHO5', 'CHILD', '2014-01-20', 40);
SELECT pg_temp.score(29, 2902, 'WHO5', 'CHILD', '2014-06-01', 60, '2099');
SELECT pg_temp.score(30, 3001, 'WHO5', 'TEACHER', '2014-01-20', 40); -- no norm for teachers
SELECT pg_temp.score(30, 3002, 'WHO5', 'TEACHER', '2014-06-01', 60);
SELECT is_empty($$ SELECT * FROM pg_temp.pairs(28, 30) $$,
    'no pair across informants or versions, none without a criterion');

-- A child with two pairs counts once: by the later follow-up, then by the instrument's name.
SELECT pg_temp.score(31, 3101, 'WHO5', 'CHILD', '2014-01-20', 40);
SELECT pg_temp.score(31, 3102, 'WHO5', 'CHILD', '2014-06-01', 60);
SELECT pg_temp.score(31, 3103, 'SDQ_TOTAL', 'PARENT', '2014-01-20', 20);
SELECT pg_temp.score(31, 3104, 'SDQ_TOTAL', 'PARENT', '2014-06-02', 20);
SELECT pg_temp.score(32, 3201, 'WHO5', 'CHILD', '2014-01-20', 40);
SELECT pg_temp.score(32, 3202, 'WHO5', 'CHILD', '2014-06-01', 60);
SELECT pg_temp.score(32, 3203, 'SDQ_TOTAL', 'PARENT', '2014-01-20', 20);
SELECT pg_temp.score(32, 3204, 'SDQ_TOTAL', 'PARENT', '2014-06-01', 20);
SELECT set_eq(
    $$ SELECT * FROM pg_temp.pairs(31, 32) $$,
    $$ VALUES (tap.key(31), '2014-H1', 'SAME'), (tap.key(32), '2014-H1', 'SAME') $$,
    'one pair a child and half-year');

SELECT * FROM finish();
ROLLBACK;
