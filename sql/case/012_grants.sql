-- Who may do what, at the least. Row security (004) says on which rows.
REVOKE ALL ON ALL TABLES IN SCHEMA ref, cases, facts, audit FROM PUBLIC;
REVOKE ALL ON ALL FUNCTIONS IN SCHEMA cases FROM PUBLIC;

GRANT USAGE ON SCHEMA ref, cases, facts, audit TO fremgang_municipality;
GRANT SELECT ON ALL TABLES IN SCHEMA ref TO fremgang_municipality;
GRANT SELECT ON cases.municipality_role TO fremgang_municipality;
GRANT SELECT, INSERT, UPDATE, DELETE
    ON cases.case_file, cases.enrolment, cases.intervention, cases.follow_up,
       cases.follow_up_intervention, cases.measurement, cases.worker_month
    TO fremgang_municipality;
GRANT SELECT, INSERT, UPDATE ON cases.unit, cases.sync_run TO fremgang_municipality;
GRANT SELECT, INSERT, DELETE ON cases.push_result TO fremgang_municipality;
GRANT UPDATE (response) ON cases.push_result TO fremgang_municipality;
GRANT SELECT ON ALL TABLES IN SCHEMA facts TO fremgang_municipality;
GRANT SELECT, INSERT ON audit.entry TO fremgang_municipality;
GRANT EXECUTE ON FUNCTION cases.stage_open() TO fremgang_municipality;

-- intake itself: refused calls in the audit, and whether the database answers.
GRANT USAGE ON SCHEMA audit TO fremgang_intake;
GRANT INSERT ON audit.entry TO fremgang_intake;

GRANT USAGE ON SCHEMA ref, cases, facts TO fremgang_publish;
GRANT SELECT ON ALL TABLES IN SCHEMA ref, facts TO fremgang_publish;
GRANT SELECT ON cases.case_file, cases.enrolment, cases.intervention, cases.follow_up,
                cases.follow_up_intervention, cases.measurement, cases.worker_month
    TO fremgang_publish;
