-- Goal: the tables refuse what must never be, whoever asks: a hidden cell with a number, a second
-- release of a period, a release shown without two stewards, a changed release or audit entry.
-- Method: the owner's statements, each with the SQLSTATE that it must end in.
BEGIN;
\ir support/release_fixtures.sql
SELECT no_plan();

CREATE FUNCTION pg_temp.refuses(statement text, state text, why text) RETURNS text
    LANGUAGE sql AS $$ SELECT throws_ok(statement, state::char(5), NULL, why) $$;

-- A cell that is not exact has no number; an exact one has.
SELECT pg_temp.refuses(format(
    'INSERT INTO release.cell VALUES (''pulje-2014-Q1-1'', 1, ''2014-Q1'', '''', '''', ''X'', %L, %s)',
    state, value), '23514', state || ' with ' || value)
FROM (VALUES ('withheld', '0'), ('withheld', '7'), ('too_few_contributors', '7'),
             ('structural_zero', '0'), ('not_applicable', '1'), ('exact', 'NULL'),
             ('hidden', 'NULL')) AS v (state, value);

-- A period is released once; a release that nobody saw frees its periods.
SELECT throws_ok('SELECT pg_temp.stage(4, ''2014-Q1'')', '23505', NULL, 'a staged period, again');
SELECT throws_ok('SELECT pg_temp.stage(4, ''2014-Q2'')', '23505', NULL, 'a visible period, again');
SELECT throws_ok('SELECT pg_temp.stage(4, ''2014-Q3'')', '23505', NULL,
                 'a period that was seen and withdrawn, again');
SELECT pg_temp.stage(5, '2014-Q4');
UPDATE release.release SET state = 'withdrawn', withdrawn_at = now(),
                           withdrawn_by = pg_temp.person(1), withdrawn_reason = 'wrong'
WHERE release_id = 'pulje-2014-Q4-5';
UPDATE release.release_period SET void = true WHERE release_id = 'pulje-2014-Q4-5';
SELECT lives_ok('SELECT pg_temp.stage(6, ''2014-Q4'')', 'a period that nobody saw, again');
SELECT is(
    tap.run_as('pool_steward', format('UPDATE release.release_period SET void = true'
                                      ' WHERE release_id = %L RETURNING ''void''', id)),
    wanted, 'a steward freeing the period of ' || id)
FROM (VALUES ('pulje-2014-Q1-1', 'none'), ('pulje-2014-Q2-2', 'none'), ('pulje-2014-Q3-3', 'none'),
             ('pulje-2014-Q4-5', 'void')) AS v (id, wanted);

-- Two stewards, over this manifest, once each.
SELECT pg_temp.refuses(
    'UPDATE release.release SET state = ''visible'', visible_at = now()'
    ' WHERE release_id = ''pulje-2014-Q1-1''', '23514', 'visible without a signature');
SELECT pg_temp.sign('pulje-2014-Q1-1', 1);
SELECT pg_temp.refuses(
    'UPDATE release.release SET state = ''visible'', visible_at = now()'
    ' WHERE release_id = ''pulje-2014-Q1-1''', '23514', 'visible with one signature');
SELECT throws_ok('SELECT pg_temp.sign(''pulje-2014-Q1-1'', 1)', '23505', NULL,
                 'the same steward twice');
SELECT throws_ok(format('SELECT pg_temp.sign(''pulje-2014-Q1-1'', %s)', number), '23503', NULL,
                 'a signature of a ' || role)
FROM (VALUES (3, 'coordinator'), (4, 'researcher'), (5, 'municipality')) AS v (number, role);
SELECT pg_temp.refuses(
    'INSERT INTO release.approval (release_id, principal_id, manifest_sha256, request_id,'
    ' idempotency_key, request, signed_at_us, signature) VALUES (''pulje-2014-Q1-1'','
    ' pg_temp.person(2), pg_temp.digest(77), ''r'', ''k'', ''q'', 0, pg_temp.signature())',
    '23503', 'a signature over another manifest');
SELECT pg_temp.sign('pulje-2014-Q1-1', 2);
SELECT lives_ok(
    'UPDATE release.release SET state = ''visible'', visible_at = now()'
    ' WHERE release_id = ''pulje-2014-Q1-1''', 'visible with two');

-- Only forward, and nothing else of it changes.
SELECT pg_temp.refuses(format(
    'UPDATE release.release SET state = %L, visible_at = %s, withdrawn_at = NULL,'
    ' withdrawn_by = NULL, withdrawn_reason = NULL WHERE release_id = %L', state, seen, id),
    '23514', id || ' to ' || state)
FROM (VALUES ('pulje-2014-Q2-2', 'staged', 'NULL'), ('pulje-2014-Q2-2', 'visible', 'now()'),
             ('pulje-2014-Q3-3', 'visible', 'now()'), ('pulje-2014-Q3-3', 'staged', 'NULL'))
    AS v (id, state, seen);
SELECT pg_temp.refuses(format('UPDATE release.release SET %s WHERE release_id ='
                              ' ''pulje-2014-Q2-2''', change), '23514', 'a visible release: ' || change)
FROM unnest(ARRAY['manifest = ''other''', 'policy = ''none''', 'synthetic = false',
                  'cells_shown = 99']) AS change;

-- Governance.
SELECT pg_temp.refuses(statement, state, statement)
FROM (VALUES
    ('INSERT INTO gov.partnership (slug, name, from_date, to_date, synthetic)'
     ' VALUES (''Not A Slug'', ''x'', ''2014-01-01'', ''2015-01-01'', true)', '23514'),
    ('INSERT INTO gov.partnership (slug, name, from_date, to_date, synthetic)'
     ' VALUES (''x'', ''x'', ''2015-01-01'', ''2015-01-01'', true)', '23514'),
    ('UPDATE gov.agreement SET named_to = ''{everyone}''', '23514'),
    ('UPDATE gov.agreement SET threshold = 2', '23514'),
    ('UPDATE gov.principal SET municipality_code = 101 WHERE role = ''steward''', '23514'),
    ('UPDATE gov.principal SET municipality_code = NULL', '23514'),
    ('UPDATE gov.principal SET role = ''mayor''', '23514'),
    ('UPDATE gov.principal SET public_key = ''short''', '23514'),
    ('UPDATE gov.enrolment_code SET role = ''municipality''', '23514'),
    ('UPDATE gov.enrolment_code SET used_at = now()', '23514'),
    ('INSERT INTO gov.principal_partnership VALUES (pg_temp.person(4), DEFAULT, 1)', '23503'),
    ('INSERT INTO gov.permit (principal_id, partnership_id, purpose, until_date, granted_by)'
     ' SELECT pg_temp.person(3), partnership_id, ''x'', ''2030-01-01'', pg_temp.person(1)'
     ' FROM gov.partnership', '23503'),
    ('INSERT INTO gov.period_close SELECT partnership_id, 657, ''2014'', pg_temp.person(5)'
     ' FROM gov.partnership', '23514')) AS v (statement, state);

-- The audit is append-only for its owner too.
SELECT pg_temp.refuses(statement, '42501', statement)
FROM unnest(ARRAY['UPDATE audit.entry SET verdict = ''x''', 'DELETE FROM audit.entry',
                  'TRUNCATE audit.entry']) AS statement;

SELECT * FROM finish();
ROLLBACK;
