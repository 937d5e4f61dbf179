-- Children's rows. Every key leads with municipality and partnership: a case in two
-- partnerships is two rows whose pseudonyms cannot be linked. Columns are those of
-- shared/rules/record_table.def. Pseudonyms are 16 bytes.
--
-- The unit of storage is a case with everything under it, or a worker-month; cases.unit holds
-- each unit's version. Rows of a case are replaced together under its version, by
-- server/store/case alone, so foreign keys would check again what the row rules checked, at the
-- cost of triggers. The one index of each table is its key, in the order in which a case is
-- replaced and read.
CREATE TABLE cases.unit (
    municipality_code smallint NOT NULL,
    partnership_id integer NOT NULL,
    unit_kind text NOT NULL CHECK (unit_kind IN ('CASE', 'WORKER_MONTH')),
    unit_key bytea NOT NULL CHECK (octet_length(unit_key) = 16),
    month date NOT NULL, -- the worker-month's; 1970-01-01 for a case
    version bigint NOT NULL CHECK (version > 0),
    is_removed boolean NOT NULL, -- a tombstone: an older version cannot bring it back
    revision integer NOT NULL,   -- 1 when first stored here; tells news from a change
    PRIMARY KEY (municipality_code, partnership_id, unit_kind, unit_key, month),
    CHECK ((unit_kind = 'WORKER_MONTH') OR (month = '1970-01-01'))
) PARTITION BY LIST (municipality_code);

CREATE TABLE cases.case_file (
    municipality_code smallint NOT NULL,
    partnership_id integer NOT NULL,
    case_key bytea NOT NULL CHECK (octet_length(case_key) = 16),
    birth_year smallint NOT NULL CHECK (birth_year BETWEEN 1900 AND 2199),
    sex text NOT NULL CHECK (length(sex) BETWEEN 1 AND 40),
    opened_date date NOT NULL,
    closed_date date CHECK (closed_date >= opened_date),
    target_group text NOT NULL CHECK (length(target_group) BETWEEN 1 AND 40),
    acting_municipality smallint CHECK (acting_municipality BETWEEN 101 AND 999),
    worker_key bytea CHECK (octet_length(worker_key) = 16),
    PRIMARY KEY (municipality_code, partnership_id, case_key)
) PARTITION BY LIST (municipality_code);

CREATE TABLE cases.enrolment (
    municipality_code smallint NOT NULL,
    partnership_id integer NOT NULL,
    case_key bytea NOT NULL CHECK (octet_length(case_key) = 16),
    from_date date NOT NULL,
    to_date date CHECK (to_date >= from_date),
    cohort text CHECK (length(cohort) BETWEEN 1 AND 40),
    practice text CHECK (length(practice) BETWEEN 1 AND 40),
    site text CHECK (length(site) BETWEEN 1 AND 40),
    team text CHECK (length(team) BETWEEN 1 AND 40),
    PRIMARY KEY (municipality_code, partnership_id, case_key, from_date)
) PARTITION BY LIST (municipality_code);

CREATE TABLE cases.intervention (
    municipality_code smallint NOT NULL,
    partnership_id integer NOT NULL,
    case_key bytea NOT NULL CHECK (octet_length(case_key) = 16),
    intervention_key bytea NOT NULL CHECK (octet_length(intervention_key) = 16),
    paragraph text NOT NULL CHECK (length(paragraph) BETWEEN 1 AND 40),
    place_type text CHECK (length(place_type) BETWEEN 1 AND 40),
    decision_date date,
    start_date date NOT NULL,
    end_date date CHECK (end_date >= start_date),
    end_reason text CHECK (length(end_reason) BETWEEN 1 AND 40),
    PRIMARY KEY (municipality_code, partnership_id, case_key, intervention_key)
) PARTITION BY LIST (municipality_code);

CREATE TABLE cases.follow_up (
    municipality_code smallint NOT NULL,
    partnership_id integer NOT NULL,
    case_key bytea NOT NULL CHECK (octet_length(case_key) = 16),
    followup_key bytea NOT NULL CHECK (octet_length(followup_key) = 16),
    followup_date date NOT NULL,
    decided_interval_days integer CHECK (decided_interval_days > 0),
    PRIMARY KEY (municipality_code, partnership_id, case_key, followup_key)
) PARTITION BY LIST (municipality_code);

-- Which interventions a follow-up covers: it serves no others.
CREATE TABLE cases.follow_up_intervention (
    municipality_code smallint NOT NULL,
    partnership_id integer NOT NULL,
    case_key bytea NOT NULL CHECK (octet_length(case_key) = 16),
    followup_key bytea NOT NULL CHECK (octet_length(followup_key) = 16),
    intervention_key bytea NOT NULL CHECK (octet_length(intervention_key) = 16),
    PRIMARY KEY (municipality_code, partnership_id, case_key, followup_key, intervention_key)
) PARTITION BY LIST (municipality_code);

CREATE TABLE cases.measurement (
    municipality_code smallint NOT NULL,
    partnership_id integer NOT NULL,
    case_key bytea NOT NULL CHECK (octet_length(case_key) = 16),
    measurement_key bytea NOT NULL CHECK (octet_length(measurement_key) = 16),
    instrument text NOT NULL CHECK (length(instrument) BETWEEN 1 AND 40),
    instrument_version text NOT NULL CHECK (length(instrument_version) BETWEEN 1 AND 40),
    informant text NOT NULL CHECK (length(informant) BETWEEN 1 AND 40),
    measured_date date NOT NULL,
    score_hundredths integer NOT NULL,
    PRIMARY KEY (municipality_code, partnership_id, case_key, measurement_key)
) PARTITION BY LIST (municipality_code);

CREATE TABLE cases.worker_month (
    municipality_code smallint NOT NULL,
    partnership_id integer NOT NULL,
    worker_key bytea NOT NULL CHECK (octet_length(worker_key) = 16),
    month date NOT NULL CHECK (extract(day FROM month) = 1),
    fte_hundredths integer NOT NULL CHECK (fte_hundredths BETWEEN 0 AND 150),
    leave text NOT NULL CHECK (length(leave) BETWEEN 1 AND 40),
    team text CHECK (length(team) BETWEEN 1 AND 40),
    PRIMARY KEY (municipality_code, partnership_id, worker_key, month)
) PARTITION BY LIST (municipality_code);

-- The first answer to a mutating call, given again to its repetitions for 30 days.
CREATE TABLE cases.push_result (
    municipality_code smallint NOT NULL,
    principal_id text NOT NULL CHECK (length(principal_id) BETWEEN 1 AND 64),
    idempotency_key text NOT NULL CHECK (length(idempotency_key) BETWEEN 1 AND 64),
    method text NOT NULL,
    request_sha256 bytea NOT NULL CHECK (octet_length(request_sha256) = 32),
    response bytea, -- NULL only inside the transaction that makes it
    created_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (municipality_code, principal_id, idempotency_key)
);
CREATE INDEX push_result_age ON cases.push_result (created_at);

-- Batches of a sync run are taken in their order.
CREATE TABLE cases.sync_run (
    municipality_code smallint NOT NULL,
    partnership_id integer NOT NULL,
    sync_id bytea NOT NULL CHECK (octet_length(sync_id) = 16),
    next_sequence integer NOT NULL CHECK (next_sequence > 1),
    last_received_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (municipality_code, partnership_id, sync_id)
);

-- One partition a municipality. No value is longer than a page, so that none of the partitions
-- needs an overflow (TOAST) table.
DO $$
DECLARE
    parent text;
    long_column name;
    code smallint;
BEGIN
    FOREACH parent IN ARRAY ARRAY['unit', 'case_file', 'enrolment', 'intervention', 'follow_up',
                                  'follow_up_intervention', 'measurement', 'worker_month']
    LOOP
        FOR long_column IN
            SELECT attname FROM pg_catalog.pg_attribute
            WHERE attrelid = ('cases.' || parent)::regclass AND attnum > 0 AND attlen = -1
        LOOP
            EXECUTE format('ALTER TABLE cases.%I ALTER %I SET STORAGE PLAIN', parent, long_column);
        END LOOP;
        FOR code IN SELECT municipality_code FROM cases.municipality_role ORDER BY 1
        LOOP
            EXECUTE format('CREATE TABLE cases.%I PARTITION OF cases.%I FOR VALUES IN (%s)',
                           parent || '_' || code, parent, code);
        END LOOP;
    END LOOP;
END
$$;
