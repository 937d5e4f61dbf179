-- Goal: what the tables refuse, and that the reference tables hang together. Method: one broken
-- row a rule; joins over the reference tables.
BEGIN;
\ir support/case_fixtures.sql
SELECT no_plan();
SELECT pg_temp.child(1, 2006, '2014-01-01');

SELECT throws_ok(statement, wanted, NULL, statement)
FROM (VALUES
    ('23514', $$ INSERT INTO cases.case_file VALUES (657, 1, '\x00', 2006, 'M', '2014-01-01', NULL, 'OTHER', NULL, NULL) $$),
    ('23514', $$ INSERT INTO cases.case_file VALUES (657, 1, tap.key(2), 1899, 'M', '2014-01-01', NULL, 'OTHER', NULL, NULL) $$),
    ('23514', $$ INSERT INTO cases.case_file VALUES (657, 1, tap.key(2), 2006, '', '2014-01-01', NULL, 'OTHER', NULL, NULL) $$),
    ('23514', $$ INSERT INTO cases.case_file VALUES (657, 1, tap.key(2), 2006, 'M', '2014-01-01', '2013-12-31', 'OTHER', NULL, NULL) $$),
    ('23514', $$ INSERT INTO cases.case_file VALUES (657, 1, tap.key(2), 2006, 'M', '2014-01-01', NULL, 'OTHER', 100, NULL) $$),
    ('23514', $$ INSERT INTO cases.case_file VALUES (657, 1, tap.key(2), 2006, 'M', '2014-01-01', NULL, 'OTHER', NULL, '\x0102') $$),
    ('23502', $$ INSERT INTO cases.case_file VALUES (657, 1, tap.key(2), NULL, 'M', '2014-01-01', NULL, 'OTHER', NULL, NULL) $$),
    ('23505', $$ INSERT INTO cases.case_file VALUES (657, 1, tap.key(1), 2006, 'M', '2014-01-01', NULL, 'OTHER', NULL, NULL) $$),
    ('23514', $$ INSERT INTO cases.case_file VALUES (411, 1, tap.key(2), 2006, 'M', '2014-01-01', NULL, 'OTHER', NULL, NULL) $$),
    ('23514', $$ INSERT INTO cases.enrolment VALUES (657, 1, tap.key(1), '2014-02-01', '2014-01-31', NULL, NULL, NULL, NULL) $$),
    ('23514', $$ INSERT INTO cases.intervention VALUES (657, 1, tap.key(1), tap.key(2), 'SEL-54', NULL, NULL, '2014-02-01', '2014-01-31', NULL) $$),
    ('23514', $$ INSERT INTO cases.follow_up VALUES (657, 1, tap.key(1), tap.key(2), '2014-02-01', 0) $$),
    ('23514', $$ INSERT INTO cases.worker_month VALUES (657, 1, tap.key(1), '2014-02-02', 100, 'NONE', NULL) $$),
    ('23514', $$ INSERT INTO cases.worker_month VALUES (657, 1, tap.key(1), '2014-02-01', 151, 'NONE', NULL) $$),
    ('23514', $$ INSERT INTO cases.worker_month VALUES (657, 1, tap.key(1), '2014-02-01', -1, 'NONE', NULL) $$),
    ('23514', $$ INSERT INTO cases.unit VALUES (657, 1, 'CASE', tap.key(1), '2014-01-01', 1, false, 1) $$),
    ('23514', $$ INSERT INTO cases.unit VALUES (657, 1, 'CASE', tap.key(1), '1970-01-01', 0, false, 1) $$),
    ('23514', $$ INSERT INTO cases.unit VALUES (657, 1, 'OTHER', tap.key(1), '1970-01-01', 1, false, 1) $$),
    ('23514', $$ INSERT INTO cases.sync_run VALUES (657, 1, tap.key(1), 1) $$),
    ('23514', $$ INSERT INTO cases.push_result VALUES (657, 'p', 'k', 'm', '\x00', NULL) $$),
    ('23514', $$ INSERT INTO ref.law_rule VALUES ('X', 'X', NULL, '2024-01-01', '2024-01-01', 'HOME', 'START', 3, 'MONTH', 'ONCE', 'c', true, 's') $$)
) AS v (wanted, statement);
SELECT lives_ok(statement, statement)
FROM (VALUES
    ($$ INSERT INTO cases.enrolment VALUES (657, 1, tap.key(1), '2014-02-01', '2014-02-01', NULL, NULL, NULL, NULL) $$),
    ($$ INSERT INTO cases.worker_month VALUES (657, 1, tap.key(1), '2014-02-01', 150, 'NONE', NULL) $$),
    ($$ INSERT INTO cases.worker_month VALUES (657, 1, tap.key(1), '2014-03-01', 0, 'NONE', NULL) $$)
) AS v (statement);

-- The reference tables.
SELECT is(count(*), 98::bigint, '98 municipalities') FROM ref.municipality;
SELECT is_empty(
    $$ SELECT a.period FROM ref.period AS a LEFT JOIN ref.period AS b
           ON b.period_kind = a.period_kind AND b.period_no = a.period_no + 1
       WHERE b.start_date <> a.end_date
          OR (b.start_date IS NULL AND a.end_date <> '2036-01-01') $$,
    'periods of a kind follow each other without gap, to the end of 2035');
SELECT results_eq(
    $$ SELECT period_kind, count(*), min(start_date) FROM ref.period GROUP BY 1 ORDER BY 1 $$,
    $$ VALUES ('half_year', 52::bigint, '2010-01-01'::date), ('quarter', 104::bigint, '2010-01-01') $$,
    '26 years of quarters and half-years');
SELECT is_empty(
    $$ SELECT a FROM generate_series(0, 17) AS a
       LEFT JOIN ref.age_band AS b ON a BETWEEN b.age_from AND b.age_to
       GROUP BY a HAVING count(b.age_band) <> 1 $$, 'every age under 18 is in one band');
SELECT is_empty('SELECT 1 FROM ref.age_band WHERE age_to > 17', 'no band holds an adult');
SELECT is_empty(
    $$ SELECT m.measure FROM ref.measure AS m LEFT JOIN ref.indicator AS i USING (indicator)
       WHERE i.fact IS DISTINCT FROM m.fact OR i.rule IS DISTINCT FROM m.rule $$,
    'a measure has the fact and rule of its indicator');
SELECT is_empty(
    $$ SELECT m.measure FROM ref.measure AS m
       WHERE (m.statistic = 'share') <> (m.numerator_outcomes IS NOT NULL)
          OR (m.statistic <> 'ratio') <> (m.outcome_column IS NOT NULL) $$,
    'a share names its outcomes; a ratio has no outcome column');
SELECT is_empty(
    $$ SELECT indicator FROM ref.indicator
       EXCEPT SELECT indicator FROM ref.measure
       UNION (SELECT indicator FROM ref.indicator EXCEPT SELECT indicator FROM ref.plan) $$,
    'every indicator has a measure and a planned table');
SELECT is_empty(
    $$ SELECT p.indicator, d FROM ref.plan AS p, unnest(string_to_array(p.dimensions, '|')) AS d
       JOIN ref.indicator AS i ON true
       WHERE i.indicator = p.indicator
         AND NOT d = ANY (string_to_array(i.dimensions, '|')) $$,
    'a planned dimension is one that the indicator allows');
SELECT is_empty(
    $$ SELECT plan, indicator FROM ref.plan GROUP BY 1, 2 HAVING count(*) > 24
       UNION ALL
       SELECT plan, indicator FROM ref.plan
       WHERE cardinality(string_to_array(dimensions, '|')) > 2 $$,
    'at most 24 tables a cube and two dimensions a table');
SELECT is_empty(
    $$ SELECT r.rule_id, k FROM ref.law_rule AS r,
              unnest(string_to_array(r.applies_kinds, '|')) AS k
       WHERE k NOT IN (SELECT kind FROM ref.paragraph) $$,
    'a clock runs for kinds that paragraphs have');
SELECT is_empty(
    $$ SELECT a.rule_id FROM ref.law_rule AS a JOIN ref.law_rule AS b USING (rule_id)
       WHERE a.valid_from < b.valid_from AND (a.valid_to IS NULL OR a.valid_to > b.valid_from) $$,
    'one clock of a rule is valid at a time');
SELECT is_empty(
    $$ SELECT code FROM ref.paragraph WHERE kind NOT IN
           ('PREVENTIVE', 'HOME', 'FAMILY_STAY', 'RELIEF', 'ECONOMIC', 'ACCESSORY', 'ORDER',
            'PLACEMENT', 'AFTERCARE', 'YOUTH_CRIME') $$,
    'no paragraph has a kind that the facts do not know');
SELECT is_empty(
    $$ SELECT code FROM ref.paragraph WHERE (kind = 'PLACEMENT') <> (coalesce(step, '') = 'PLACE') $$,
    'the step of a placement is that of its place');
SELECT is_empty(
    $$ SELECT code FROM ref.place_type WHERE share_type NOT IN
           ('NETWORK', 'FOSTER', 'INSTITUTION', 'OWN_ROOM', 'BOARDING_SCHOOL') $$,
    'places have one of five types');

SELECT * FROM finish();
ROLLBACK;
