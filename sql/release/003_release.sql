-- Protected tables. A release is staged by publish, signed by two stewards, then visible.
CREATE TABLE release.release (
    release_id text PRIMARY KEY CHECK (release_id ~ '^[a-z0-9-]+-[0-9]{4}-(Q[1-4]|H[12])-[0-9]+$'),
    partnership_id integer NOT NULL REFERENCES gov.partnership,
    state text NOT NULL DEFAULT 'staged' CHECK (state IN ('staged', 'visible', 'withdrawn')),
    policy text NOT NULL,
    manifest bytea NOT NULL CHECK (octet_length(manifest) > 0),
    manifest_sha256 bytea NOT NULL CHECK (octet_length(manifest_sha256) = 32),
    manifest_signature bytea NOT NULL CHECK (octet_length(manifest_signature) = 64),
    synthetic boolean NOT NULL,
    cells_shown bigint NOT NULL CHECK (cells_shown >= 0),       -- to the widest audience
    cells_withheld bigint NOT NULL CHECK (cells_withheld >= 0), -- from it
    staged_at timestamptz NOT NULL DEFAULT now(),
    visible_at timestamptz,
    withdrawn_at timestamptz,
    withdrawn_by text REFERENCES gov.principal,
    withdrawn_reason text CHECK (length(withdrawn_reason) BETWEEN 1 AND 500),
    UNIQUE (release_id, partnership_id),
    UNIQUE (release_id, manifest_sha256),
    CHECK (state <> 'staged' OR visible_at IS NULL),
    CHECK (state <> 'visible' OR visible_at IS NOT NULL),
    CHECK ((state = 'withdrawn') = (withdrawn_at IS NOT NULL)),
    CHECK ((withdrawn_at IS NULL) = (withdrawn_by IS NULL)),
    CHECK ((withdrawn_at IS NULL) = (withdrawn_reason IS NULL))
);
CREATE INDEX release_partnership ON release.release (partnership_id, state);

-- A period of a partnership is released once. A release that was withdrawn before anyone saw
-- it has disclosed nothing: its periods are void and may be staged again.
CREATE TABLE release.release_period (
    release_id text NOT NULL,
    partnership_id integer NOT NULL,
    period text NOT NULL CHECK (period ~ '^[0-9]{4}-(Q[1-4]|H[12])$'),
    void boolean NOT NULL DEFAULT false,
    PRIMARY KEY (release_id, period),
    FOREIGN KEY (release_id, partnership_id) REFERENCES release.release (release_id, partnership_id)
);
CREATE UNIQUE INDEX release_period_once ON release.release_period (partnership_id, period)
    WHERE NOT void;

CREATE TABLE release.release_table (
    release_id text NOT NULL REFERENCES release.release,
    table_number integer NOT NULL CHECK (table_number >= 1),
    audience text NOT NULL CHECK (audience IN ('named', 'pooled')),
    name text NOT NULL,
    indicator text NOT NULL CHECK (indicator ~ '^I[0-9]{2}$'),
    dimensions text[] NOT NULL CHECK (cardinality(dimensions) <= 2), -- beside period and outcome
    PRIMARY KEY (release_id, table_number),
    UNIQUE (release_id, audience, indicator, dimensions)
);

-- The only figures that a viewer can reach. A cell that is not exact has no number here.
CREATE TABLE release.cell (
    release_id text NOT NULL,
    table_number integer NOT NULL,
    period text NOT NULL CHECK (period ~ '^[0-9]{4}-(Q[1-4]|H[12])$'),
    key_1 text NOT NULL, -- code in the table's first dimension, '' when it has none
    key_2 text NOT NULL,
    outcome text NOT NULL,
    state text NOT NULL CHECK (state IN ('exact', 'withheld', 'too_few_contributors',
                                         'structural_zero', 'not_applicable')),
    value bigint,
    PRIMARY KEY (release_id, table_number, period, key_1, key_2, outcome),
    FOREIGN KEY (release_id, table_number) REFERENCES release.release_table,
    FOREIGN KEY (release_id, period) REFERENCES release.release_period,
    CHECK ((state = 'exact') = (value IS NOT NULL))
);

-- Members whose period was not closed, named in the completeness of the release.
CREATE TABLE release.left_out (
    release_id text NOT NULL,
    period text NOT NULL,
    municipality_code smallint NOT NULL,
    PRIMARY KEY (release_id, period, municipality_code),
    FOREIGN KEY (release_id, period) REFERENCES release.release_period
);

-- A steward's signature over the manifest of the release, not of another. What was signed is
-- the whole call, so all that its transcript covers is kept: anyone can check it later.
CREATE TABLE release.approval (
    release_id text NOT NULL,
    principal_id text NOT NULL,
    role text NOT NULL DEFAULT 'steward' CHECK (role = 'steward'),
    manifest_sha256 bytea NOT NULL,
    request_id text NOT NULL,
    idempotency_key text NOT NULL,
    request bytea NOT NULL,
    signed_at_us bigint NOT NULL,
    signature bytea NOT NULL CHECK (octet_length(signature) = 64),
    approved_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (release_id, principal_id),
    FOREIGN KEY (release_id, manifest_sha256)
        REFERENCES release.release (release_id, manifest_sha256),
    FOREIGN KEY (principal_id, role) REFERENCES gov.principal (principal_id, role)
);

-- staged -> visible (two stewards have signed), staged -> withdrawn, visible -> withdrawn. All
-- else of a release never changes.
CREATE FUNCTION release.release_move() RETURNS trigger
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF NOT ((OLD.state, NEW.state) IN (('staged', 'visible'), ('staged', 'withdrawn'),
                                       ('visible', 'withdrawn'))) THEN
        RAISE EXCEPTION 'a release cannot go from % to %', OLD.state, NEW.state
            USING ERRCODE = 'check_violation';
    END IF;
    IF NEW.state = 'visible'
       AND (SELECT count(*) FROM release.approval a WHERE a.release_id = NEW.release_id) < 2 THEN
        RAISE EXCEPTION 'a release needs the signatures of two stewards'
            USING ERRCODE = 'check_violation';
    END IF;
    IF (OLD.release_id, OLD.partnership_id, OLD.policy, OLD.manifest, OLD.manifest_sha256,
        OLD.manifest_signature, OLD.synthetic, OLD.cells_shown, OLD.cells_withheld, OLD.staged_at)
       IS DISTINCT FROM
       (NEW.release_id, NEW.partnership_id, NEW.policy, NEW.manifest, NEW.manifest_sha256,
        NEW.manifest_signature, NEW.synthetic, NEW.cells_shown, NEW.cells_withheld, NEW.staged_at)
    THEN
        RAISE EXCEPTION 'a staged release cannot be changed' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END
$$;

CREATE TRIGGER release_move BEFORE UPDATE ON release.release
    FOR EACH ROW EXECUTE FUNCTION release.release_move();
