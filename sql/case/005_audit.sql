-- What was asked and changed, by whom: written in the transaction it records, never a
-- pseudonym or a value. Nobody has the privilege to change or remove an entry.
CREATE TABLE audit.entry (
    entry_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    recorded_at timestamptz NOT NULL DEFAULT now(),
    process text NOT NULL,
    method text NOT NULL,
    principal_id text NOT NULL, -- '' when nobody was authenticated
    role text NOT NULL,
    municipality_code smallint, -- NULL when nobody was authenticated
    request_id text NOT NULL,
    verdict text NOT NULL,
    subject text NOT NULL -- canonical query, counts of a push or the like
);

ALTER TABLE audit.entry ENABLE ROW LEVEL SECURITY;
ALTER TABLE audit.entry FORCE ROW LEVEL SECURITY;

-- A municipality writes and reads what touched its own data.
CREATE POLICY own_entries ON audit.entry TO fremgang_municipality
    USING (municipality_code = (SELECT r.municipality_code
                                FROM cases.municipality_role AS r
                                WHERE r.role_name = current_user));
-- Refused calls, whose caller is not known for certain.
CREATE POLICY refused_calls ON audit.entry FOR INSERT TO fremgang_intake
    WITH CHECK (municipality_code IS NULL);
