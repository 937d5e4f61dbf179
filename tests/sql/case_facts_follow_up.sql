-- Goal: law clocks (I07, I09) and days between follow-ups (I10). Method: small cases with hand-
-- made answers, at the edges of each rule.
BEGIN;
\ir support/case_fixtures.sql
SELECT no_plan();

-- Due days: the same day number, or the month's last day. Each start has no follow-up, so its
-- first obligation is late in the quarter of the due day.
SELECT pg_temp.child(100 + n, 2012, s, NULL, NULL, NULL)
FROM (VALUES (1, '2016-11-30'::date), (2, '2015-11-30'), (3, '2013-12-31'), (4, '2014-01-01'))
    AS v (n, s);
SELECT pg_temp.spell(100 + n, 1000 + n, 'SEL-52-3-3', NULL, s, d + 1)
FROM (VALUES (1, '2016-11-30'::date, '2017-02-28'::date), -- clamped
             (2, '2015-11-30', '2016-02-29'),             -- clamped to a leap day
             (3, '2013-12-31', '2014-03-31'),
             (4, '2014-01-01', '2014-04-01')) AS v (n, s, d);
SELECT results_eq(
    $$ SELECT subject, period, outcome FROM pg_temp.obligation
       WHERE subject BETWEEN tap.key(101) AND tap.key(104) AND rule = 'FU_FIRST'
       ORDER BY subject $$,
    $$ VALUES (tap.key(101), '2017-Q1', 'LATE'), (tap.key(102), '2016-Q1', 'LATE'),
              (tap.key(103), '2014-Q1', 'LATE'), (tap.key(104), '2014-Q2', 'LATE') $$,
    'a spell that runs one day past the due day has an obligation due on it');
UPDATE cases.intervention SET end_date = end_date - 1
WHERE case_key BETWEEN tap.key(101) AND tap.key(104);
SELECT is_empty(
    $$ SELECT 1 FROM pg_temp.obligation WHERE subject BETWEEN tap.key(101) AND tap.key(104) $$,
    'a spell that ends on the due day has none');

-- On the due day is on time; the day after is late. Start 2015-11-30, due 2016-02-29.
SELECT pg_temp.child(105, 2012, '2015-11-30', NULL, NULL, '2016-04-01');
SELECT pg_temp.spell(105, 1051, 'SEL-52-3-7', 'FOSTER_GENERAL', '2015-11-30');
SELECT pg_temp.follow_up(105, 1052, '2016-02-29', 1051);
SELECT pg_temp.child(106, 2012, '2015-11-30', NULL, NULL, '2016-04-01');
SELECT pg_temp.spell(106, 1061, 'SEL-52-3-7', 'FOSTER_GENERAL', '2015-11-30');
SELECT pg_temp.follow_up(106, 1062, '2016-03-01', 1061);
SELECT results_eq(
    $$ SELECT subject, rule, outcome, measure_kind, placement_type, ladder_step, age_band, units
       FROM pg_temp.obligation WHERE subject BETWEEN tap.key(105) AND tap.key(106)
       ORDER BY subject, rule $$,
    $$ VALUES
       (tap.key(105), 'FU_FIRST', 'ON_TIME', 'PLACEMENT', 'FOSTER', '5', '0-5', 1::bigint),
       (tap.key(105), 'LOCAL_FU_3M', 'ON_TIME', 'PLACEMENT', 'FOSTER', '5', '0-5', 1::bigint),
       (tap.key(106), 'FU_FIRST', 'LATE', 'PLACEMENT', 'FOSTER', '5', '0-5', 1::bigint),
       (tap.key(106), 'LOCAL_FU_3M', 'LATE', 'PLACEMENT', 'FOSTER', '5', '0-5', 1::bigint) $$,
    'the due day is on time, the day after is late');

-- The local clock runs on from each follow-up: due 04-10, 07-10 and (after 08-01) 11-01.
SELECT pg_temp.child(110, 2006, '2014-01-10', NULL, NULL, '2015-01-01');
SELECT pg_temp.spell(110, 1101, 'SEL-52-3-3', NULL, '2014-01-10');
SELECT pg_temp.follow_up(110, 1102, '2014-04-10', 1101);
SELECT pg_temp.follow_up(110, 1103, '2014-08-01', 1101);
SELECT results_eq(
    $$ SELECT period, outcome, measure_kind FROM pg_temp.obligation
       WHERE subject = tap.key(110) AND rule = 'LOCAL_FU_3M' ORDER BY period $$,
    $$ VALUES ('2014-Q2', 'ON_TIME', 'HOME'), ('2014-Q3', 'LATE', 'HOME'),
              ('2014-Q4', 'LATE', 'HOME') $$,
    'done on time, done late, not done');
SELECT results_eq(
    $$ SELECT period, outcome FROM pg_temp.obligation
       WHERE subject = tap.key(110) AND rule = 'FU_FIRST' $$,
    $$ VALUES ('2014-Q2', 'ON_TIME') $$, 'the first follow-up is asked for once');
SELECT results_eq(
    $$ SELECT period, outcome, measure_kind FROM pg_temp.followup_interval
       WHERE subject = tap.key(110) ORDER BY period $$,
    $$ VALUES ('2014-Q2', '62-92', 'HOME'), ('2014-Q3', '93-122', 'HOME') $$,
    'from the start 90 days, then 113; the open end is no interval');

-- A follow-up on the day of the start, and two on one day.
SELECT pg_temp.child(111, 2006, '2014-01-10', NULL, NULL, '2015-01-01');
SELECT pg_temp.spell(111, 1111, 'SEL-52-3-3', NULL, '2014-01-10');
SELECT pg_temp.follow_up(111, 1112, '2014-01-10', 1111);
SELECT pg_temp.follow_up(111, 1113, '2014-01-10', 1111);
SELECT results_eq(
    $$ SELECT rule, period, outcome FROM pg_temp.obligation WHERE subject = tap.key(111)
       ORDER BY rule, outcome DESC $$,
    $$ VALUES ('FU_FIRST', '2014-Q2', 'ON_TIME'), ('LOCAL_FU_3M', '2014-Q2', 'ON_TIME'),
              ('LOCAL_FU_3M', '2014-Q2', 'LATE') $$,
    'the start is followed up at once, and the follow-up starts one clock of its own');
SELECT results_eq(
    $$ SELECT period, outcome FROM pg_temp.followup_interval WHERE subject = tap.key(111) $$,
    $$ VALUES ('2014-Q1', '0-30') $$, 'an interval of 0 days');

-- A follow-up serves the interventions it is linked to and no others.
SELECT pg_temp.child(112, 2006, '2014-01-10', NULL, NULL, '2014-07-01');
SELECT pg_temp.spell(112, 1121, 'SEL-52-3-7', 'NETWORK', '2014-01-10');
SELECT pg_temp.spell(112, 1122, 'SEL-11-3', NULL, '2014-01-10');
SELECT pg_temp.spell(112, 1123, 'SEL-52-3-5', NULL, '2014-01-10');
SELECT pg_temp.follow_up(112, 1124, '2014-04-01', 1121, 1123);
SELECT results_eq(
    $$ SELECT measure_kind, outcome FROM pg_temp.obligation
       WHERE subject = tap.key(112) AND rule = 'LOCAL_FU_3M' AND period = '2014-Q2'
       ORDER BY 1 $$,
    $$ VALUES ('HOME', 'ON_TIME'), ('PLACEMENT', 'ON_TIME'), ('PREVENTIVE', 'LATE') $$,
    'the intervention that is not linked is late');

-- What ends an obligation: the case; the enrolment; not being enrolled yet.
SELECT pg_temp.child(113, 2006, '2014-01-10', '2014-04-10');
SELECT pg_temp.child(114, 2006, '2014-01-10', NULL, NULL, '2014-04-10');
SELECT pg_temp.child(115, 2006, '2014-01-10', NULL, '2014-04-11', '2014-05-01');
SELECT pg_temp.spell(id, id * 10, 'SEL-52-3-3', NULL, '2014-01-10')
FROM generate_series(113, 115) AS id;
SELECT is_empty(
    $$ SELECT 1 FROM pg_temp.obligation WHERE subject BETWEEN tap.key(113) AND tap.key(115) $$,
    'no obligation when case or enrolment does not cover the due day');

-- Turning 18 in the year of the due day; financial support has no clock.
SELECT pg_temp.child(116, 1996, '2013-10-15', NULL, NULL, '2014-12-31');
SELECT pg_temp.spell(116, 1161, 'SEL-52-3-3', NULL, '2013-10-15');
SELECT pg_temp.child(117, 2006, '2014-01-10', NULL, NULL, '2014-12-31');
SELECT pg_temp.spell(117, 1171, 'SEL-52A', NULL, '2014-01-10');
SELECT pg_temp.follow_up(117, 1172, '2014-02-10', 1171);
SELECT is_empty(
    $$ SELECT 1 FROM pg_temp.obligation WHERE subject BETWEEN tap.key(116) AND tap.key(117)
       UNION ALL
       SELECT 1 FROM pg_temp.followup_interval WHERE subject = tap.key(117) $$,
    'nobody of 18, nothing for financial support');

-- The rule of the anchor's day: the law changed on 2024-01-01 and asks nothing of early
-- preventive offers since; the local target does.
SELECT pg_temp.child(118, 2015, '2023-01-01', NULL, NULL, '2024-07-01');
SELECT pg_temp.spell(118, 1181, 'SEL-11-3', NULL, '2023-12-31', '2024-04-15');
SELECT pg_temp.spell(118, 1182, 'BL-30', NULL, '2024-01-01', '2024-04-15');
SELECT pg_temp.spell(118, 1183, 'BL-46', 'NETWORK', '2024-01-31', '2024-05-15');
SELECT results_eq(
    $$ SELECT rule, period, measure_kind, ladder_step FROM pg_temp.obligation
       WHERE subject = tap.key(118) ORDER BY 1, 2, 4 $$,
    $$ VALUES ('FU_FIRST', '2024-Q1', 'PREVENTIVE', '2'),
              ('FU_FIRST', '2024-Q2', 'PLACEMENT', '4'),
              ('LOCAL_FU_3M', '2024-Q1', 'PREVENTIVE', '2'),
              ('LOCAL_FU_3M', '2024-Q2', 'PREVENTIVE', '2'),
              ('LOCAL_FU_3M', '2024-Q2', 'PLACEMENT', '4') $$,
    'each start by the law of its day');

-- A follow-up on the day the spell ended, or after, is none of its follow-ups.
SELECT pg_temp.child(119, 2006, '2014-01-10', NULL, NULL, '2014-12-31');
SELECT pg_temp.spell(119, 1191, 'SEL-52-3-3', NULL, '2014-01-10', '2014-03-01');
SELECT pg_temp.follow_up(119, 1192, '2014-03-01', 1191);
SELECT is_empty($$ SELECT 1 FROM pg_temp.followup_interval WHERE subject = tap.key(119) $$,
    'a follow-up after the end closes no interval');

-- Every number of days falls in one band.
SELECT is_empty(
    $$ SELECT d FROM generate_series(0, 3000) AS d
       LEFT JOIN ref.interval_band AS b
           ON d >= b.days_from AND (b.days_to IS NULL OR d <= b.days_to)
       GROUP BY d HAVING count(b.interval_band) <> 1 $$,
    'the bands of intervals meet without gap or overlap');

-- A follow-up of two interventions is two intervals; both dates decide the quarter.
SELECT pg_temp.child(120, 2006, '2014-01-10', NULL, NULL, '2014-12-31');
SELECT pg_temp.spell(120, 1201, 'SEL-52-3-3', NULL, '2014-01-10');
SELECT pg_temp.spell(120, 1202, 'SEL-52-3-7', 'NETWORK', '2014-03-31');
SELECT pg_temp.follow_up(120, 1203, '2014-04-01', 1201, 1202);
SELECT results_eq(
    $$ SELECT period, measure_kind, placement_type, outcome, units FROM pg_temp.followup_interval
       WHERE subject = tap.key(120) ORDER BY 2 $$,
    $$ VALUES ('2014-Q2', 'HOME', 'NONE', '62-92', 1::bigint),
              ('2014-Q2', 'PLACEMENT', 'NETWORK', '0-30', 1::bigint) $$,
    'an interval for each intervention, in the quarter of the later day');

SELECT * FROM finish();
ROLLBACK;
