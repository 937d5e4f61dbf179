-- Goal: each role sees and does what it must and nothing else. Method: the privileges in the
-- catalogue, and statements run as each role against rows of two municipalities.
BEGIN;
\ir support/case_fixtures.sql
SELECT no_plan();

SELECT pg_temp.child(1, 2006, '2014-01-01');
SELECT pg_temp.spell(1, 11, 'SEL-52-3-3', NULL, '2014-01-01');
UPDATE cases.case_file SET worker_key = tap.key(5);
SELECT pg_temp.capacity(5, '2014-03-01', 100);
INSERT INTO cases.case_file
VALUES (101, 1, tap.key(2), 2006, 'F', '2014-01-01', NULL, 'OTHER', NULL, NULL);
INSERT INTO cases.unit VALUES (101, 1, 'CASE', tap.key(2), '1970-01-01', 1, false, 1);
INSERT INTO audit.entry
    (process, method, principal_id, role, municipality_code, request_id, verdict, subject)
VALUES ('intake', 'm', 'p', 'municipality', 101, 'r', 'OK', '');

-- Log-ins inherit nothing; intake may become a municipality, publish may not.
SELECT is(rolinherit, false, rolname || ' inherits nothing') FROM pg_catalog.pg_roles
WHERE rolname IN ('fremgang_intake', 'fremgang_publish');
SELECT is(rolsuper OR rolcreaterole OR rolcreatedb OR rolbypassrls OR rolreplication, false,
          rolname || ' has no attribute that goes round row security')
FROM pg_catalog.pg_roles WHERE rolname ~ '^(fremgang_(intake|publish|municipality)|muni_)';
SELECT is(count(*), 98::bigint, 'intake may become each of the 98 municipalities')
FROM pg_catalog.pg_roles
WHERE rolname ~ '^muni_[0-9]{3}$' AND NOT rolcanlogin
  AND pg_has_role('fremgang_intake', oid, 'MEMBER')
  AND NOT pg_has_role('fremgang_intake', oid, 'USAGE')
  AND NOT pg_has_role('fremgang_publish', oid, 'MEMBER');
SELECT set_eq(
    'SELECT code::integer FROM ref.municipality',
    'SELECT municipality_code::integer FROM cases.municipality_role',
    'the roles are the municipalities of the reference table');

-- Nothing for PUBLIC: no schema, relation, function or database.
SELECT is_empty(
    $$ SELECT nspname FROM pg_catalog.pg_namespace, aclexplode(nspacl) AS a
       WHERE a.grantee = 0 AND nspname IN ('ref', 'cases', 'facts', 'audit', 'ledger', 'public') $$,
    'PUBLIC may enter no schema');
SELECT is_empty(
    $$ SELECT c.oid::regclass FROM pg_catalog.pg_class AS c, aclexplode(c.relacl) AS a
       WHERE a.grantee = 0 AND c.relnamespace IN
           (SELECT oid FROM pg_catalog.pg_namespace
            WHERE nspname IN ('ref', 'cases', 'facts', 'audit', 'ledger')) $$,
    'PUBLIC may touch no relation');
SELECT is_empty(
    $$ SELECT p.oid::regprocedure FROM pg_catalog.pg_proc AS p,
              aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) AS a
       WHERE a.grantee = 0 AND p.pronamespace IN
           (SELECT oid FROM pg_catalog.pg_namespace
            WHERE nspname IN ('ref', 'cases', 'facts', 'audit', 'ledger')) $$,
    'PUBLIC may call no function');
SELECT is_empty(
    $$ SELECT c.oid::regclass FROM pg_catalog.pg_class AS c, aclexplode(c.relacl) AS a
       WHERE c.relispartition AND a.grantee <> c.relowner $$,
    'nobody may touch a partition past its parent');

-- intake without a municipality sees nothing at all.
SELECT is(tap.run_as('fremgang_intake', 'SELECT count(*) FROM ' || t), '42501',
          'intake alone may not read ' || t)
FROM unnest(ARRAY['cases.case_file', 'cases.unit', 'cases.push_result', 'facts.child_at_date',
                  'audit.entry', 'ref.indicator', 'ledger.migration']) AS t;

-- A municipality sees its own rows, through tables and facts.
SELECT is(tap.run_as(role, 'SELECT string_agg(municipality_code::text, '','') FROM ' || t), wanted,
          role || ' sees of ' || t || ' its own')
FROM (VALUES ('muni_657', 'cases.case_file', '657'), ('muni_101', 'cases.case_file', '101'),
             ('muni_510', 'cases.case_file', 'none'), ('muni_657', 'cases.unit', 'none'),
             ('muni_101', 'cases.unit', '101'), ('muni_657', 'audit.entry', 'none'),
             ('muni_101', 'audit.entry', '101'), ('muni_101', 'facts.spell', 'none'),
             ('muni_657', 'facts.spell', '657'), ('muni_657', 'facts.programme', '657'))
    AS v (role, t, wanted);
SELECT is(tap.run_as('muni_101', 'SELECT count(*) FROM facts.child_at_date'), '0',
          'facts of another municipality are not there');
SELECT isnt(tap.run_as('muni_657', 'SELECT count(*) FROM facts.child_at_date'), '0',
          'its own facts are');
SELECT isnt(tap.run_as('muni_657', 'SELECT count(*) FROM facts.worker_at_date'), '0',
          'its own caseworkers are');

-- It writes its own rows and no others.
SELECT is(
    tap.run_as('muni_657', format(
        'INSERT INTO cases.case_file VALUES (%s, 1, tap.key(9), 2006, ''M'', ''2014-01-01'', NULL,'
        ' ''OTHER'', NULL, NULL) RETURNING ''stored''', code)), wanted,
    'muni_657 writing a row of ' || code)
FROM (VALUES (657, 'stored'), (101, '42501')) AS v (code, wanted);
SELECT is(tap.run_as('muni_657', statement), 'none', 'muni_657: ' || statement || ' finds no row')
FROM unnest(ARRAY[
    'UPDATE cases.case_file SET sex = ''M'' WHERE municipality_code = 101 RETURNING 1',
    'DELETE FROM cases.case_file WHERE municipality_code = 101 RETURNING 1']) AS statement;
SELECT is(tap.run_as('muni_657', statement), '42501', 'muni_657 may not: ' || statement)
FROM unnest(ARRAY[
    'UPDATE cases.case_file SET municipality_code = 101 RETURNING 1',
    'TRUNCATE cases.case_file',
    'SELECT count(*) FROM cases.case_file_101',
    'SELECT count(*) FROM cases.case_file_657',
    'DELETE FROM cases.unit RETURNING 1',
    'DELETE FROM audit.entry RETURNING 1',
    'UPDATE audit.entry SET verdict = ''x'' RETURNING 1',
    'UPDATE cases.push_result SET request_sha256 = ''x'' RETURNING 1',
    'UPDATE cases.municipality_role SET municipality_code = 1 RETURNING 1',
    'UPDATE ref.indicator SET parameter = 99 RETURNING 1',
    'SELECT count(*) FROM ledger.migration',
    'CREATE TABLE cases.mine (a integer)',
    'ALTER TABLE cases.case_file DISABLE ROW LEVEL SECURITY',
    'DROP POLICY own_rows ON cases.case_file']) AS statement;
SELECT is(
    tap.run_as('muni_657',
        'INSERT INTO audit.entry (process, method, principal_id, role, municipality_code,'
        ' request_id, verdict, subject) VALUES (''i'', ''m'', ''p'', ''r'', 101, ''q'', ''v'', '''')'
        ' RETURNING 1'), '42501', 'no municipality writes another''s audit');

-- intake itself writes audit entries of nobody only.
SELECT is(
    tap.run_as('fremgang_intake', format(
        'WITH e AS (INSERT INTO audit.entry (process, method, principal_id, role,'
        ' municipality_code, request_id, verdict, subject)'
        ' VALUES (''i'', ''m'', '''', '''', %s, ''q'', ''v'', '''')) SELECT ''written''', code)),
    wanted, 'intake alone, audit of ' || code)
FROM (VALUES ('NULL', 'written'), ('657', '42501')) AS v (code, wanted);

-- publish reads children's rows and facts of all, and writes nothing.
SELECT is(tap.run_as('fremgang_publish', 'SELECT count(DISTINCT municipality_code) FROM cases.case_file'),
          '2', 'publish reads every municipality');
SELECT isnt(tap.run_as('fremgang_publish', 'SELECT count(*) FROM facts.child_at_date'), '0',
          'publish reads facts');
SELECT is_empty(
    $$ SELECT c.oid::regclass, p FROM pg_catalog.pg_class AS c,
              unnest(ARRAY['INSERT', 'UPDATE', 'DELETE', 'TRUNCATE', 'REFERENCES', 'TRIGGER']) AS p
       WHERE c.relkind IN ('r', 'p', 'v') AND c.relnamespace IN
           (SELECT oid FROM pg_catalog.pg_namespace
            WHERE nspname IN ('ref', 'cases', 'facts', 'audit', 'ledger'))
         AND has_table_privilege('fremgang_publish', c.oid, p) $$,
    'publish has no privilege to write');
SELECT is(tap.run_as('fremgang_publish', statement), '42501', 'publish may not: ' || statement)
FROM unnest(ARRAY[
    'UPDATE cases.case_file SET sex = ''M'' RETURNING 1',
    'SELECT count(*) FROM cases.unit',
    'SELECT count(*) FROM cases.push_result',
    'SELECT count(*) FROM cases.sync_run',
    'SELECT count(*) FROM audit.entry',
    'SELECT cases.stage_open()',
    'CREATE TEMPORARY TABLE mine (a integer)']) AS statement;

SELECT * FROM finish();
ROLLBACK;
