-- Goal: caseload (I23) and caseworkers over the limit of 30 (I25). Method: workers with a known
-- number of cases on 2014-03-31.
BEGIN;
\ir support/case_fixtures.sql
SELECT no_plan();

-- worker, cases, full-time equivalents x 100
CREATE TEMPORARY TABLE load (worker integer, cases integer, fte integer) ON COMMIT DROP;
INSERT INTO load VALUES (1, 24, 100), (2, 30, 100), (3, 31, 100), (4, 15, 50), (5, 16, 50);
SELECT pg_temp.child(l.worker * 1000 + n, 2006, '2014-01-01', NULL, NULL, '2014-06-30', l.worker)
FROM load AS l, generate_series(1, l.cases) AS n;
SELECT pg_temp.capacity(worker, '2014-03-01', fte) FROM load;
SELECT results_eq(
    $$ SELECT subject, period, sex, age_band, target_group, placement_type, outcome, units,
              numerator_hundredths, denominator_hundredths
       FROM pg_temp.worker_at_date ORDER BY subject $$,
    $$ SELECT tap.key(w), '2014-Q1', 'NONE', 'NONE', 'NONE', 'NONE', o, 1::bigint, n::bigint,
              d::bigint
       FROM (VALUES (1, 'WITHIN', 2400, 100), (2, 'WITHIN', 3000, 100), (3, 'OVER', 3100, 100),
                    (4, 'WITHIN', 1500, 50), (5, 'OVER', 1600, 50)) AS v (w, o, n, d) $$,
    'over means more than 30 cases a full-time equivalent; capacity is known in March alone');

-- Cases that do not count on 2014-03-31: closed that day, of 18, left, another acts, unassigned.
SELECT pg_temp.child(6001, 2006, '2014-01-01', NULL, NULL, '2014-06-30', 6);
SELECT pg_temp.child(6002, 2006, '2014-01-01', '2014-03-31', NULL, '2014-06-30', 6);
SELECT pg_temp.child(6003, 1996, '2014-01-01', NULL, NULL, '2014-06-30', 6);
SELECT pg_temp.child(6004, 2006, '2014-01-01', NULL, NULL, '2014-03-31', 6);
SELECT pg_temp.child(6005, 2006, '2014-01-01', NULL, NULL, '2014-06-30', 6, 101);
SELECT pg_temp.child(6006, 2006, '2014-01-01', NULL, NULL, '2014-06-30');
SELECT pg_temp.capacity(6, '2014-03-01', 100);
SELECT results_eq(
    $$ SELECT numerator_hundredths FROM pg_temp.worker_at_date WHERE subject = tap.key(6) $$,
    $$ VALUES (100::bigint) $$, 'one of the six cases counts');

-- Workers that do not count: long leave, no time, capacity of another month, no case.
SELECT pg_temp.child(w * 1000, 2006, '2014-01-01', NULL, NULL, '2014-06-30', w)
FROM generate_series(7, 9) AS w;
SELECT pg_temp.capacity(7, '2014-03-01', 100, 'LONG');
SELECT pg_temp.capacity(8, '2014-03-01', 0);
SELECT pg_temp.capacity(9, '2014-02-01', 100);
SELECT pg_temp.capacity(10, '2014-03-01', 100);
SELECT is_empty(
    $$ SELECT 1 FROM pg_temp.worker_at_date WHERE subject BETWEEN tap.key(7) AND tap.key(10) $$,
    'leave, no time, unknown capacity and no case leave a caseworker out');

SELECT * FROM finish();
ROLLBACK;
