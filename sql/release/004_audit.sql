-- What was asked and changed, by whom. Written in the transaction it records; never a
-- pseudonym or a cell. Nobody changes or removes an entry, the owner neither.
CREATE TABLE audit.entry (
    entry_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    recorded_at timestamptz NOT NULL DEFAULT now(),
    process text NOT NULL,
    method text NOT NULL,
    principal_id text NOT NULL, -- '' for calls that need no principal
    role text NOT NULL,
    municipality_code smallint,
    request_id text NOT NULL,
    verdict text NOT NULL,
    subject text NOT NULL -- canonical query, release id or the like
);

CREATE FUNCTION audit.entry_refuse_change() RETURNS trigger
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    RAISE EXCEPTION 'the audit log is append-only' USING ERRCODE = 'insufficient_privilege';
END
$$;

CREATE TRIGGER entry_refuse_change BEFORE UPDATE OR DELETE OR TRUNCATE ON audit.entry
    FOR EACH STATEMENT EXECUTE FUNCTION audit.entry_refuse_change();
