-- Goal: the schema stays runnable on several machines (Citus) and safe by construction. Method:
-- rules read from the catalogue.
BEGIN;
SELECT no_plan();

CREATE TEMPORARY VIEW case_table AS
SELECT c.oid, c.relname, c.relkind FROM pg_catalog.pg_class AS c
WHERE c.relnamespace = 'cases'::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition
  AND c.relname <> 'municipality_role';
SELECT cmp_ok((SELECT count(*) FROM case_table), '=', 10::bigint, 'ten tables are looked at');

SELECT is_empty(
    $$ SELECT tgname, tgrelid::regclass FROM pg_catalog.pg_trigger
       WHERE tgrelid IN (SELECT oid FROM pg_catalog.pg_class
                         WHERE relnamespace IN ('cases'::regnamespace, 'facts'::regnamespace)) $$,
    'no trigger');
SELECT is_empty(
    $$ SELECT viewname FROM pg_catalog.pg_views
       WHERE schemaname = 'facts' AND definition ~* '\m(grouping sets|rollup|cube)\M' $$,
    'no GROUPING SETS');
SELECT is_empty(
    $$ SELECT viewname FROM pg_catalog.pg_views
       WHERE schemaname = 'facts' AND definition ~* '\mwith recursive\M' $$,
    'no recursion');
SELECT is_empty(
    $$ SELECT i.indexrelid::regclass FROM pg_catalog.pg_index AS i
       JOIN case_table AS t ON t.oid = i.indrelid
       LEFT JOIN pg_catalog.pg_attribute AS a ON a.attrelid = t.oid AND a.attnum = i.indkey[0]
       WHERE i.indisunique AND a.attname IS DISTINCT FROM 'municipality_code' $$,
    'every unique key leads with the municipality');
SELECT is_empty(
    $$ SELECT t.relname FROM case_table AS t
       JOIN pg_catalog.pg_index AS i ON i.indrelid = t.oid AND i.indisprimary
       LEFT JOIN pg_catalog.pg_attribute AS a ON a.attrelid = t.oid AND a.attnum = i.indkey[1]
       WHERE t.relname <> 'push_result' AND a.attname IS DISTINCT FROM 'partnership_id' $$,
    'then the partnership, but for answers kept per principal');
SELECT is_empty(
    $$ SELECT relname FROM case_table WHERE NOT EXISTS
           (SELECT FROM pg_catalog.pg_index WHERE indrelid = case_table.oid AND indisprimary) $$,
    'every table has a primary key');
SELECT is_empty(
    $$ SELECT conname FROM pg_catalog.pg_constraint
       WHERE contype = 'f' AND connamespace = 'cases'::regnamespace $$,
    'no foreign key');
SELECT is_empty(
    $$ SELECT t.relname, count(i.inhrelid) FROM case_table AS t
       LEFT JOIN pg_catalog.pg_inherits AS i ON i.inhparent = t.oid
       WHERE t.relkind = 'p' GROUP BY 1 HAVING count(i.inhrelid) <> 98 $$,
    'every partitioned table has a partition for each municipality');
SELECT is((SELECT count(*) FROM case_table WHERE relkind = 'p'), 8::bigint,
          'the eight tables that grow with the children are partitioned');
SELECT is_empty(
    $$ SELECT c.relname FROM pg_catalog.pg_class AS c
       WHERE c.relnamespace = 'cases'::regnamespace AND c.relispartition AND c.reltoastrelid <> 0 $$,
    'no partition has an overflow table');
SELECT is_empty(
    $$ SELECT c.oid::regclass FROM pg_catalog.pg_class AS c
       WHERE c.relnamespace IN ('cases'::regnamespace, 'audit'::regnamespace)
         AND c.relkind IN ('r', 'p') AND c.relname <> 'municipality_role'
         AND NOT (c.relrowsecurity AND c.relforcerowsecurity) $$,
    'row security is on and forced, on partitions too');
SELECT is_empty(
    $$ SELECT polname, polrelid::regclass FROM pg_catalog.pg_policy
       WHERE pg_get_expr(polqual, polrelid) ~ 'current_user|CURRENT_USER'
         AND pg_get_expr(polqual, polrelid) !~ '\( SELECT ' $$,
    'a policy looks the role up once a statement');
SELECT is_empty(
    $$ SELECT c.relname FROM pg_catalog.pg_class AS c
       WHERE c.relnamespace = 'facts'::regnamespace AND c.relkind = 'v'
         AND NOT ('security_invoker=true' = ANY (coalesce(c.reloptions, '{}'))) $$,
    'views see what their caller sees');
SELECT is_empty(
    $$ SELECT p.oid::regprocedure FROM pg_catalog.pg_proc AS p
       WHERE p.pronamespace IN (SELECT oid FROM pg_catalog.pg_namespace
                                WHERE nspname IN ('ref', 'cases', 'facts', 'audit', 'ledger'))
         AND (p.prosecdef OR NOT coalesce(p.proconfig, '{}')::text ~ 'search_path=pg_catalog') $$,
    'functions have a fixed search_path and the rights of their caller');
SELECT is_empty(
    $$ SELECT a.attrelid::regclass, a.attname FROM pg_catalog.pg_attribute AS a
       JOIN case_table AS t ON t.oid = a.attrelid
       WHERE a.attnum > 0 AND (a.attname ~ '(name|cpr|address|birth_date|birthday)') $$,
    'no column could hold a name, an address or a full birth date');

-- The facts share one shape, in one order.
CREATE TEMPORARY VIEW fact_shape AS
SELECT c.relname, string_agg(a.attname || ' ' || format_type(a.atttypid, a.atttypmod), ', '
                             ORDER BY a.attnum) AS columns
FROM pg_catalog.pg_class AS c JOIN pg_catalog.pg_attribute AS a ON a.attrelid = c.oid
WHERE c.relnamespace = 'facts'::regnamespace AND c.relname IN
    (SELECT fact FROM ref.indicator)
GROUP BY c.relname;
SELECT is((SELECT count(*) FROM fact_shape),
          (SELECT count(DISTINCT fact) FROM ref.indicator), 'every indicator has its view');
SELECT is(columns,
    'fact text, municipality_code smallint, partnership_id integer, period_kind text, period text, '
    'subject bytea, sex text, age_band text, target_group text, placement_type text, '
    'ladder_step text, measure_kind text, rule text, outcome text, units bigint, '
    'numerator_hundredths bigint, denominator_hundredths bigint',
    relname || ' has the shape of a fact')
FROM fact_shape;

-- A query for one municipality reads one partition of each table.
CREATE FUNCTION pg_temp.partitions_read(fact text) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
    plan json;
BEGIN
    SET LOCAL ROLE fremgang_publish;
    EXECUTE format('EXPLAIN (FORMAT json) SELECT * FROM facts.%I WHERE municipality_code = 657 '
                   'AND partnership_id = 1 AND period BETWEEN ''2014-Q1'' AND ''2014-Q4''', fact)
        INTO plan;
    RESET ROLE;
    RETURN (SELECT count(DISTINCT m[1])
            FROM regexp_matches(plan::text, '"Relation Name": "[a-z_]+_([0-9]{3})"', 'g') AS m);
END
$$;
SELECT is(pg_temp.partitions_read(relname), 1::bigint, relname || ' reads one municipality')
FROM fact_shape;

SELECT * FROM finish();
ROLLBACK;
