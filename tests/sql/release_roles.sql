-- Goal: each role of the release cluster sees and does what it must and nothing else; a staged or
-- withdrawn figure is out of every viewer's reach. Method: the privileges in the catalogue, and
-- statements run as each role against a staged, a visible and a withdrawn release.
BEGIN;
\ir support/release_fixtures.sql
SELECT no_plan();

-- Log-ins inherit nothing and none owns anything.
SELECT is(rolinherit, false, rolname || ' inherits nothing') FROM pg_catalog.pg_roles
WHERE rolname IN ('fremgang_pool', 'fremgang_intake_gov', 'fremgang_publish');
SELECT is(rolsuper OR rolcreaterole OR rolcreatedb OR rolbypassrls OR rolreplication, false,
          rolname || ' has no attribute that goes round row security')
FROM pg_catalog.pg_roles WHERE rolname ~ '^(fremgang_(pool|intake_gov|publish)|pool_)';
SELECT is_empty(
    $$ SELECT c.oid::regclass FROM pg_catalog.pg_class AS c
       JOIN pg_catalog.pg_roles AS r ON r.oid = c.relowner
       WHERE r.rolname ~ '^(fremgang_(pool|intake_gov|publish)|pool_)' $$,
    'no role of an application owns a relation');
SELECT is_empty(
    $$ SELECT m.roleid::regrole FROM pg_catalog.pg_auth_members AS m
       WHERE m.member IN ('fremgang_intake_gov'::regrole, 'fremgang_publish'::regrole)
          OR (m.member = 'fremgang_pool'::regrole
              AND m.roleid::regrole::text !~ '^pool_(viewer|steward|member)$') $$,
    'only pool may become another role, and only its callers''');

-- Nothing for PUBLIC.
SELECT is_empty(
    $$ SELECT nspname FROM pg_catalog.pg_namespace, aclexplode(nspacl) AS a
       WHERE a.grantee = 0 AND nspname IN ('gov', 'release', 'audit', 'ledger', 'public') $$,
    'PUBLIC may enter no schema');
SELECT is_empty(
    $$ SELECT c.oid::regclass FROM pg_catalog.pg_class AS c, aclexplode(c.relacl) AS a
       WHERE a.grantee = 0 AND c.relnamespace IN
           (SELECT oid FROM pg_catalog.pg_namespace
            WHERE nspname IN ('gov', 'release', 'audit', 'ledger')) $$,
    'PUBLIC may touch no relation');
SELECT is_empty(
    $$ SELECT p.oid::regprocedure FROM pg_catalog.pg_proc AS p,
              aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) AS a
       WHERE a.grantee = 0 AND p.pronamespace IN
           (SELECT oid FROM pg_catalog.pg_namespace
            WHERE nspname IN ('gov', 'release', 'audit', 'ledger')) $$,
    'PUBLIC may call no function');
SELECT is(relrowsecurity, true, relname || ' has row security') FROM pg_catalog.pg_class
WHERE relkind = 'r' AND relnamespace = 'release'::regnamespace;

-- Releases and figures by role: only the visible one, for stewards its siblings as a line.
SELECT is(tap.run_as(role, 'SELECT string_agg(release_id, '','' ORDER BY release_id) FROM ' || t),
          wanted, role || ' sees of ' || t)
FROM (VALUES
    ('pool_viewer', 'release.release', 'pulje-2014-Q2-2'),
    ('pool_viewer', 'release.release_period', 'pulje-2014-Q2-2'),
    ('pool_viewer', 'release.release_table', 'pulje-2014-Q2-2'),
    ('pool_viewer', 'release.left_out', 'pulje-2014-Q2-2'),
    ('pool_viewer', 'release.approval', 'pulje-2014-Q2-2,pulje-2014-Q2-2'),
    ('pool_viewer', 'release.cell', 'pulje-2014-Q2-2,pulje-2014-Q2-2'),
    ('pool_steward', 'release.release', 'pulje-2014-Q1-1,pulje-2014-Q2-2,pulje-2014-Q3-3'),
    ('pool_steward', 'release.left_out', 'pulje-2014-Q1-1,pulje-2014-Q2-2,pulje-2014-Q3-3'),
    ('pool_steward', 'release.cell', 'pulje-2014-Q2-2,pulje-2014-Q2-2'),
    ('pool_member', 'release.release', '42501'), ('pool_member', 'release.cell', '42501'),
    ('fremgang_pool', 'release.release', '42501'), ('fremgang_pool', 'release.cell', '42501'),
    ('fremgang_intake_gov', 'release.release', '42501'),
    ('fremgang_intake_gov', 'release.cell', '42501'),
    ('fremgang_publish', 'release.cell', '42501'),
    ('fremgang_publish', 'release.release', 'pulje-2014-Q1-1,pulje-2014-Q2-2,pulje-2014-Q3-3'))
    AS v (role, t, wanted);

-- What a role may read of governance.
SELECT is(tap.run_as(role, 'SELECT count(*) > 0 FROM ' || t), wanted, role || ' reading ' || t)
FROM (VALUES
    ('fremgang_pool', 'gov.principal', 'true'), ('fremgang_pool', 'gov.enrolment_code', 'true'),
    ('fremgang_pool', 'audit.entry', '42501'), ('fremgang_pool', 'gov.agreement', '42501'),
    ('pool_viewer', 'gov.agreement', 'true'), ('pool_viewer', 'gov.principal', '42501'),
    ('pool_viewer', 'gov.enrolment_code', '42501'), ('pool_viewer', 'audit.entry', '42501'),
    ('pool_steward', 'audit.entry', 'true'), ('pool_steward', 'gov.enrolment_code', '42501'),
    ('pool_member', 'gov.membership', 'true'), ('pool_member', 'gov.principal', '42501'),
    ('fremgang_intake_gov', 'gov.principal', 'true'),
    ('fremgang_intake_gov', 'gov.enrolment_code', '42501'),
    ('fremgang_intake_gov', 'gov.idempotency', '42501'),
    ('fremgang_intake_gov', 'audit.entry', '42501'),
    ('fremgang_publish', 'gov.agreement', 'true'), ('fremgang_publish', 'gov.principal', '42501'))
    AS v (role, t, wanted);

-- intake only reads.
SELECT is_empty(
    $$ SELECT c.oid::regclass, p FROM pg_catalog.pg_class AS c,
              unnest(ARRAY['INSERT', 'UPDATE', 'DELETE', 'TRUNCATE', 'REFERENCES', 'TRIGGER']) AS p
       WHERE c.relkind IN ('r', 'v') AND c.relnamespace IN
           (SELECT oid FROM pg_catalog.pg_namespace
            WHERE nspname IN ('gov', 'release', 'audit', 'ledger'))
         AND has_table_privilege('fremgang_intake_gov', c.oid, p) $$,
    'intake has no privilege to write');

-- Nobody changes a figure, makes one visible alone, or touches another's part.
SELECT is(tap.run_as(role, statement), '42501', role || ' may not: ' || statement)
FROM (VALUES
    ('pool_viewer', 'UPDATE release.release SET state = ''visible'' RETURNING 1'),
    ('pool_viewer', 'INSERT INTO gov.permit (principal_id, partnership_id, purpose, until_date,'
                    ' granted_by) VALUES (''x'', 1, ''x'', ''2030-01-01'', ''x'') RETURNING 1'),
    ('pool_viewer', 'UPDATE gov.agreement SET named_to = ''{researcher}'' RETURNING 1'),
    ('pool_steward', 'UPDATE release.cell SET value = 1 RETURNING 1'),
    ('pool_steward', 'DELETE FROM release.cell RETURNING 1'),
    ('pool_steward', 'UPDATE release.release SET manifest = ''x'' RETURNING 1'),
    ('pool_steward', 'UPDATE gov.principal SET role = ''steward'' RETURNING 1'),
    ('pool_steward', 'INSERT INTO gov.principal VALUES (''p'') RETURNING 1'),
    ('pool_steward', 'DELETE FROM release.approval RETURNING 1'),
    ('pool_steward', 'UPDATE audit.entry SET verdict = ''x'' RETURNING 1'),
    ('pool_member', 'DELETE FROM gov.period_close RETURNING 1'),
    ('pool_member', 'INSERT INTO gov.membership VALUES (1, 101, now(), now()) RETURNING 1'),
    ('fremgang_pool', 'INSERT INTO gov.enrolment_code VALUES (''x'') RETURNING 1'),
    ('fremgang_pool', 'UPDATE gov.enrolment_code SET role = ''steward'' RETURNING 1'),
    ('fremgang_pool', 'UPDATE gov.principal SET epoch = 1 RETURNING 1'),
    ('fremgang_publish', 'UPDATE release.release SET state = ''visible'' RETURNING 1'),
    ('fremgang_publish', 'DELETE FROM release.cell RETURNING 1'),
    ('fremgang_publish', 'UPDATE gov.agreement SET threshold = 3 RETURNING 1'))
    AS v (role, statement);

-- publish adds cells to a staged release, and to no other.
SELECT is(
    tap.run_as('fremgang_publish', format(
        'WITH c AS (INSERT INTO release.cell VALUES (%L, 1, %L, '''', '''', ''NETWORK'', ''exact'','
        ' 3)) SELECT ''stored''', 'pulje-' || period || '-' || number, period)),
    wanted, 'publish adding a cell to the release of ' || period)
FROM (VALUES (1, '2014-Q1', 'stored'), (2, '2014-Q2', '42501'), (3, '2014-Q3', '42501'))
    AS v (number, period, wanted);

SELECT * FROM finish();
ROLLBACK;
