-- Goal: who counts where on the last day of a quarter (I01, I03) and between two (I05).
-- Method: small cases with hand-made answers, at the edges of each rule.
BEGIN;
\ir support/case_fixtures.sql
SELECT no_plan();

-- An open spell, enrolled from February to September.
SELECT pg_temp.child(1, 2006, '2013-05-01', NULL, '2014-02-01', '2014-10-01');
SELECT pg_temp.spell(1, 101, 'SEL-52-3-7', 'INSTITUTION', '2013-06-01');
SELECT results_eq(
    $$ SELECT period_kind, period, municipality_code::integer, partnership_id, sex, age_band,
              target_group, placement_type, ladder_step, measure_kind, rule, outcome, units,
              numerator_hundredths, denominator_hundredths
       FROM pg_temp.child_at_date WHERE subject = tap.key(1) ORDER BY period $$,
    $$ SELECT 'quarter', p, 657, 1, 'M', '6-11', 'OTHER', 'INSTITUTION', '6', 'NONE', '', '',
              1::bigint, 0::bigint, 0::bigint
       FROM unnest(ARRAY['2014-Q1', '2014-Q2', '2014-Q3']) AS p $$,
    'an open spell counts in every quarter whose last day is enrolled');

-- Of two open placements the later start gives the type, the highest step the ladder.
SELECT pg_temp.child(2, 2006, '2013-05-01', NULL, '2014-03-01', '2014-04-01');
SELECT pg_temp.spell(2, 201, 'SEL-52-3-7', 'INSTITUTION', '2013-06-01');
SELECT pg_temp.spell(2, 202, 'SEL-58', 'FOSTER_GENERAL', '2014-01-01');
SELECT results_eq(
    $$ SELECT period, placement_type, ladder_step FROM pg_temp.child_at_date
       WHERE subject = tap.key(2) $$,
    $$ VALUES ('2014-Q1', 'FOSTER', '6') $$,
    'the latest start gives the type, the highest step the ladder');

-- Half-open spells around the last day T = 2014-03-31.
SELECT pg_temp.child(id, 2006, '2013-05-01', NULL, '2014-03-01', '2014-04-01')
FROM generate_series(3, 6) AS id;
SELECT pg_temp.spell(3, 301, 'SEL-52-3-7', 'NETWORK', '2014-01-01', '2014-03-31');
SELECT pg_temp.spell(4, 401, 'SEL-52-3-7', 'NETWORK', '2014-01-01', '2014-04-01');
SELECT pg_temp.spell(5, 501, 'SEL-52-3-7', 'NETWORK', '2014-03-31');
SELECT pg_temp.spell(6, 601, 'SEL-52-3-7', 'NETWORK', '2014-03-31', '2014-03-31');
SELECT set_eq(
    $$ SELECT subject, placement_type, ladder_step FROM pg_temp.child_at_date
       WHERE subject BETWEEN tap.key(3) AND tap.key(6) $$,
    $$ VALUES (tap.key(4), 'NETWORK', '4'), (tap.key(5), 'NETWORK', '4') $$,
    'ended on T is closed, ended the day after is open, begun on T is open, one day is never');

-- What is no placement, and what is no step.
SELECT pg_temp.child(id, 2006, '2014-03-01', NULL, NULL, '2014-04-01')
FROM generate_series(7, 12) AS id;
SELECT pg_temp.spell(7, 701, 'SEL-52-3-4', NULL, '2014-03-01');  -- family stay
SELECT pg_temp.spell(8, 801, 'SEL-52-3-5', NULL, '2014-03-01');  -- relief
SELECT pg_temp.spell(9, 901, 'SEL-52A', NULL, '2014-03-01');     -- financial support
SELECT pg_temp.spell(10, 1001, 'SEL-54', NULL, '2014-03-01');    -- support person for parents
SELECT pg_temp.spell(11, 1101, 'SEL-11-3', NULL, '2014-03-01');  -- preventive
SELECT pg_temp.spell(11, 1102, 'SEL-52A', NULL, '2014-03-20');
SELECT pg_temp.spell(12, 1201, 'SEL-76', NULL, '2014-03-01');    -- after-care at home
SELECT set_eq(
    $$ SELECT subject, placement_type, ladder_step FROM pg_temp.child_at_date
       WHERE subject BETWEEN tap.key(7) AND tap.key(12) $$,
    $$ VALUES (tap.key(7), 'NONE', '3'), (tap.key(8), 'NONE', '3'), (tap.key(11), 'NONE', '2'),
              (tap.key(12), 'NONE', '3') $$,
    'family stay and relief are no placements; money and support persons are no step');

-- Age by birth year: bands, and nobody from the year of the 18th birthday on.
SELECT pg_temp.child(20 + age, 2014 - age, '2014-01-01', NULL, NULL, '2014-04-01')
FROM generate_series(0, 19) AS age;
SELECT pg_temp.spell(20 + age, 2000 + age, 'SEL-52-3-3', NULL, '2014-01-01')
FROM generate_series(0, 19) AS age;
SELECT results_eq(
    $$ SELECT age_band, count(*) FROM pg_temp.child_at_date
       JOIN ref.age_band USING (age_band)
       WHERE subject BETWEEN tap.key(20) AND tap.key(39)
       GROUP BY age_band, age_from ORDER BY age_from $$,
    $$ VALUES ('0-5', 6::bigint), ('6-11', 6::bigint), ('12-14', 3::bigint),
              ('15-17', 3::bigint) $$,
    'ages 0-17 fall in four bands, 18 and 19 in none');
SELECT pg_temp.child(40, 1996, '2013-01-01', NULL, NULL, '2015-01-01');
SELECT pg_temp.spell(40, 4001, 'SEL-52-3-3', NULL, '2013-01-01');
SELECT results_eq(
    $$ SELECT period FROM pg_temp.child_at_date WHERE subject = tap.key(40) ORDER BY 1 $$,
    $$ VALUES ('2013-Q1'), ('2013-Q2'), ('2013-Q3'), ('2013-Q4') $$,
    'who turns 18 in 2014 is counted to the end of 2013');

-- Closed on T; acted in by another municipality; by the sender itself.
SELECT pg_temp.child(41, 2006, '2014-01-01', '2014-06-30', NULL, '2015-01-01');
SELECT pg_temp.child(42, 2006, '2014-01-01', NULL, NULL, '2014-07-01', NULL, 101);
SELECT pg_temp.child(43, 2006, '2014-01-01', NULL, NULL, '2014-04-01', NULL, 657);
SELECT pg_temp.spell(id, id * 100, 'SEL-52-3-3', NULL, '2014-01-01')
FROM generate_series(41, 43) AS id;
SELECT set_eq(
    $$ SELECT subject, period FROM pg_temp.child_at_date
       WHERE subject BETWEEN tap.key(41) AND tap.key(43) $$,
    $$ VALUES (tap.key(41), '2014-Q1'), (tap.key(43), '2014-Q1') $$,
    'a case closed on T and one that another municipality acts in do not count');

-- One child in two partnerships: two keys, each counted in its own.
SELECT pg_temp.child(44, 2006, '2014-01-01', NULL, NULL, '2014-04-01');
SELECT pg_temp.child(45, 2006, '2014-01-01', NULL, NULL, '2014-04-01', partnership => 2);
SELECT pg_temp.spell(44, 4400, 'SEL-52-3-3', NULL, '2014-01-01');
SELECT pg_temp.spell(45, 4500, 'SEL-52-3-7', 'NETWORK', '2014-01-01', partnership => 2);
SELECT set_eq(
    $$ SELECT partnership_id, subject, ladder_step FROM pg_temp.child_at_date
       WHERE subject BETWEEN tap.key(44) AND tap.key(45) $$,
    $$ VALUES (1, tap.key(44), '3'), (2, tap.key(45), '4') $$,
    'a partnership sees its own rows alone');

-- Nothing is known of a quarter that has not passed.
SELECT pg_temp.child(46, extract(year FROM CURRENT_DATE)::integer - 8, '2020-01-01');
SELECT pg_temp.spell(46, 4600, 'SEL-52-3-3', NULL, '2020-01-01');
SELECT is(
    (SELECT max(p.end_date) FROM pg_temp.child_at_date AS f JOIN ref.period AS p USING (period)
     WHERE f.subject = tap.key(46)),
    date_trunc('quarter', CURRENT_DATE)::date,
    'the last quarter counted is the last that has passed');

-- I05: up in Q2 (home-based to institution), the same in Q3.
SELECT pg_temp.child(50, 2006, '2014-01-10', NULL, NULL, '2014-10-01');
SELECT pg_temp.spell(50, 5001, 'SEL-52-3-3', NULL, '2014-01-10', '2014-05-01');
SELECT pg_temp.spell(50, 5002, 'SEL-52-3-7', 'INSTITUTION', '2014-05-01');
SELECT results_eq(
    $$ SELECT period, outcome, placement_type, ladder_step FROM pg_temp.child_move
       WHERE subject = tap.key(50) ORDER BY 1 $$,
    $$ VALUES ('2014-Q2', 'UP', 'NONE', 'NONE'), ('2014-Q3', 'SAME', 'NONE', 'NONE') $$,
    'up when the highest step rose, same when it did not');

-- Down; a spell that ended on the quarter's first day was open at A.
SELECT pg_temp.child(51, 2006, '2013-05-01', NULL, NULL, '2014-07-01');
SELECT pg_temp.spell(51, 5101, 'SEL-52-3-7', 'INSTITUTION', '2014-03-01', '2014-04-01');
SELECT pg_temp.spell(51, 5102, 'SEL-11-3', NULL, '2014-04-15');
SELECT results_eq(
    $$ SELECT period, outcome FROM pg_temp.child_move WHERE subject = tap.key(51) $$,
    $$ VALUES ('2014-Q2', 'DOWN') $$, 'down when the highest step fell');

-- No measure at B; not enrolled at A; a gap of enrolment over A.
SELECT pg_temp.child(52, 2006, '2014-01-01', NULL, NULL, '2014-07-01');
SELECT pg_temp.spell(52, 5201, 'SEL-52-3-3', NULL, '2014-01-01', '2014-05-01');
SELECT pg_temp.child(53, 2006, '2013-01-01', NULL, '2014-04-01', '2014-10-01');
SELECT pg_temp.spell(53, 5301, 'SEL-52-3-3', NULL, '2013-01-01');
SELECT pg_temp.child(54, 2006, '2014-01-01', NULL, NULL, '2014-03-31');
INSERT INTO cases.enrolment (municipality_code, partnership_id, case_key, from_date, to_date)
VALUES (657, 1, tap.key(54), '2014-04-15', '2014-07-01');
SELECT pg_temp.spell(54, 5401, 'SEL-52-3-3', NULL, '2014-01-01');
SELECT set_eq(
    $$ SELECT subject, period, outcome FROM pg_temp.child_move
       WHERE subject BETWEEN tap.key(52) AND tap.key(54) $$,
    $$ VALUES (tap.key(53), '2014-Q3', 'SAME') $$,
    'a move needs a measure and enrolment at both ends');

SELECT * FROM finish();
ROLLBACK;
