-- Who works together, who may call, and what was promised. No child's data.
CREATE TABLE gov.partnership (
    partnership_id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    slug text NOT NULL UNIQUE CHECK (slug ~ '^[a-z0-9]([a-z0-9-]{0,62}[a-z0-9])?$'),
    name text NOT NULL CHECK (length(name) BETWEEN 1 AND 200),
    from_date date NOT NULL,
    to_date date NOT NULL, -- the day after the last day covered
    synthetic boolean NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    CHECK (from_date < to_date)
);

CREATE TABLE gov.membership (
    partnership_id integer NOT NULL REFERENCES gov.partnership,
    municipality_code smallint NOT NULL CHECK (municipality_code BETWEEN 101 AND 999),
    from_date date NOT NULL,
    to_date date NOT NULL,
    PRIMARY KEY (partnership_id, municipality_code, from_date),
    CHECK (from_date < to_date)
);

-- One agreement a partnership: the roles that see each member's protected figures, and the
-- protection that publish applies.
CREATE TABLE gov.agreement (
    partnership_id integer PRIMARY KEY REFERENCES gov.partnership,
    named_to text[] NOT NULL CHECK (named_to <@ ARRAY['coordinator', 'researcher']),
    policy text NOT NULL CHECK (policy ~ '^[a-z0-9-]{1,64}$'),
    threshold integer NOT NULL CHECK (threshold >= 3), -- distinct subjects
    width integer NOT NULL CHECK (width >= 1),         -- least interval of a hidden cell
    signed_at timestamptz NOT NULL DEFAULT now()
);

-- A client installation or a person, known by an Ed25519 key.
CREATE TABLE gov.principal (
    principal_id text PRIMARY KEY CHECK (principal_id ~ '^p-[0-9a-f]{24}$'),
    role text NOT NULL CHECK (role IN ('municipality', 'coordinator', 'researcher', 'steward')),
    name text NOT NULL CHECK (length(name) BETWEEN 1 AND 100),
    municipality_code smallint CHECK (municipality_code BETWEEN 101 AND 999),
    public_key bytea NOT NULL UNIQUE CHECK (octet_length(public_key) = 32),
    epoch integer NOT NULL DEFAULT 1 CHECK (epoch >= 1), -- tokens of older epochs are refused
    enrolled_at timestamptz NOT NULL DEFAULT now(),
    revoked_at timestamptz,
    UNIQUE (principal_id, role),
    CHECK ((role = 'municipality') = (municipality_code IS NOT NULL))
);

-- The partnerships that a coordinator coordinates.
CREATE TABLE gov.principal_partnership (
    principal_id text NOT NULL,
    role text NOT NULL DEFAULT 'coordinator' CHECK (role = 'coordinator'),
    partnership_id integer NOT NULL REFERENCES gov.partnership,
    PRIMARY KEY (principal_id, partnership_id),
    FOREIGN KEY (principal_id, role) REFERENCES gov.principal (principal_id, role)
);

-- A one-time code, kept as its digest only.
CREATE TABLE gov.enrolment_code (
    code_sha256 bytea PRIMARY KEY CHECK (octet_length(code_sha256) = 32),
    role text NOT NULL CHECK (role IN ('municipality', 'coordinator', 'researcher', 'steward')),
    name text NOT NULL CHECK (length(name) BETWEEN 1 AND 100),
    municipality_code smallint CHECK (municipality_code BETWEEN 101 AND 999),
    partnership_ids integer[] NOT NULL DEFAULT '{}',
    created_at timestamptz NOT NULL DEFAULT now(),
    created_by text REFERENCES gov.principal, -- NULL: the operator, at the machine
    expires_at timestamptz NOT NULL,
    used_at timestamptz,
    used_by text REFERENCES gov.principal,
    CHECK ((role = 'municipality') = (municipality_code IS NOT NULL)),
    CHECK (role = 'coordinator' OR partnership_ids = '{}'),
    CHECK ((used_at IS NULL) = (used_by IS NULL))
);

-- A researcher may read one partnership's releases for a purpose until a date.
CREATE TABLE gov.permit (
    permit_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    principal_id text NOT NULL,
    role text NOT NULL DEFAULT 'researcher' CHECK (role = 'researcher'),
    partnership_id integer NOT NULL REFERENCES gov.partnership,
    purpose text NOT NULL CHECK (length(purpose) BETWEEN 1 AND 500),
    until_date date NOT NULL, -- the day after the last day
    granted_by text NOT NULL REFERENCES gov.principal,
    granted_at timestamptz NOT NULL DEFAULT now(),
    FOREIGN KEY (principal_id, role) REFERENCES gov.principal (principal_id, role)
);
CREATE INDEX permit_principal ON gov.permit (principal_id, partnership_id);

-- A member has said that its data for a period are complete.
CREATE TABLE gov.period_close (
    partnership_id integer NOT NULL REFERENCES gov.partnership,
    municipality_code smallint NOT NULL,
    period text NOT NULL CHECK (period ~ '^[0-9]{4}-(Q[1-4]|H[12])$'),
    closed_by text NOT NULL REFERENCES gov.principal,
    closed_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (partnership_id, municipality_code, period)
);

-- The first answer to a mutating call, given again to its repetitions.
CREATE TABLE gov.idempotency (
    principal_id text NOT NULL, -- '' for calls that need no principal
    idempotency_key text NOT NULL CHECK (length(idempotency_key) BETWEEN 1 AND 64),
    method text NOT NULL,
    request_sha256 bytea NOT NULL CHECK (octet_length(request_sha256) = 32),
    response bytea NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (principal_id, idempotency_key)
);
CREATE INDEX idempotency_age ON gov.idempotency (created_at);
