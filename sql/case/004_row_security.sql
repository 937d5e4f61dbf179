-- Who sees which row. FORCE binds the owner too; the lookup of the role is a sub-select, so
-- that it is evaluated once a statement (once a row costs 26 %). Partitions have row security
-- without a policy: nobody reads them past their parent.
DO $$
DECLARE
    target record;
BEGIN
    FOR target IN
        SELECT c.relname, c.relispartition
        FROM pg_catalog.pg_class AS c
        WHERE c.relnamespace = 'cases'::regnamespace AND c.relkind IN ('r', 'p')
          AND c.relname <> 'municipality_role'
    LOOP
        EXECUTE format('ALTER TABLE cases.%I ENABLE ROW LEVEL SECURITY', target.relname);
        EXECUTE format('ALTER TABLE cases.%I FORCE ROW LEVEL SECURITY', target.relname);
        CONTINUE WHEN target.relispartition;
        EXECUTE format(
            'CREATE POLICY own_rows ON cases.%I TO fremgang_municipality '
            'USING (municipality_code = (SELECT r.municipality_code '
            '       FROM cases.municipality_role AS r WHERE r.role_name = current_user))',
            target.relname);
    END LOOP;
    FOR target IN
        SELECT unnest(ARRAY['case_file', 'enrolment', 'intervention', 'follow_up',
                            'follow_up_intervention', 'measurement', 'worker_month']) AS relname
    LOOP
        EXECUTE format('CREATE POLICY publish_reads ON cases.%I FOR SELECT TO fremgang_publish '
                       'USING (true)', target.relname);
    END LOOP;
END
$$;
