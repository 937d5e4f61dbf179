-- The temporary tables of one push: COPY is refused into tables under row security, so a batch
-- is staged here and moved by one statement a table. `position` is the unit's place in the
-- batch. They vanish with the transaction.
CREATE FUNCTION cases.stage_open() RETURNS void
    LANGUAGE plpgsql SECURITY INVOKER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    CREATE TEMPORARY TABLE stage_unit (
        "position" integer NOT NULL,
        unit_kind text NOT NULL,
        unit_key bytea NOT NULL,
        month date NOT NULL,
        version bigint NOT NULL,
        is_removed boolean NOT NULL,
        is_accepted boolean NOT NULL,
        was_held boolean NOT NULL -- accepted in place of another version
    ) ON COMMIT DROP;
    CREATE TEMPORARY TABLE stage_case_file (
        "position" integer NOT NULL,
        case_key bytea NOT NULL,
        birth_year smallint NOT NULL,
        sex text NOT NULL,
        opened_date date NOT NULL,
        closed_date date,
        target_group text NOT NULL,
        acting_municipality smallint,
        worker_key bytea
    ) ON COMMIT DROP;
    CREATE TEMPORARY TABLE stage_enrolment (
        "position" integer NOT NULL,
        case_key bytea NOT NULL,
        from_date date NOT NULL,
        to_date date,
        cohort text,
        practice text,
        site text,
        team text
    ) ON COMMIT DROP;
    CREATE TEMPORARY TABLE stage_intervention (
        "position" integer NOT NULL,
        case_key bytea NOT NULL,
        intervention_key bytea NOT NULL,
        paragraph text NOT NULL,
        place_type text,
        decision_date date,
        start_date date NOT NULL,
        end_date date,
        end_reason text
    ) ON COMMIT DROP;
    CREATE TEMPORARY TABLE stage_follow_up (
        "position" integer NOT NULL,
        case_key bytea NOT NULL,
        followup_key bytea NOT NULL,
        followup_date date NOT NULL,
        decided_interval_days integer
    ) ON COMMIT DROP;
    CREATE TEMPORARY TABLE stage_follow_up_intervention (
        "position" integer NOT NULL,
        case_key bytea NOT NULL,
        followup_key bytea NOT NULL,
        intervention_key bytea NOT NULL
    ) ON COMMIT DROP;
    CREATE TEMPORARY TABLE stage_measurement (
        "position" integer NOT NULL,
        case_key bytea NOT NULL,
        measurement_key bytea NOT NULL,
        instrument text NOT NULL,
        instrument_version text NOT NULL,
        informant text NOT NULL,
        measured_date date NOT NULL,
        score_hundredths integer NOT NULL
    ) ON COMMIT DROP;
    CREATE TEMPORARY TABLE stage_worker_month (
        "position" integer NOT NULL,
        worker_key bytea NOT NULL,
        month date NOT NULL,
        fte_hundredths integer NOT NULL,
        leave text NOT NULL,
        team text
    ) ON COMMIT DROP;
END
$$;
