-- Fixtures in few words, for the pgTAP files. Loaded once per cluster by run.sh.
CREATE SCHEMA tap;
GRANT USAGE ON SCHEMA tap TO PUBLIC;
CREATE EXTENSION pgtap SCHEMA tap;

-- Runs a statement as a role: the first column of its first row as text, or its SQLSTATE.
CREATE FUNCTION tap.run_as(role name, statement text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    result text;
BEGIN
    EXECUTE format('SET LOCAL ROLE %I', role);
    BEGIN
        EXECUTE statement INTO result;
    EXCEPTION WHEN OTHERS THEN
        result := SQLSTATE;
    END;
    RESET ROLE;
    RETURN coalesce(result, 'none');
END
$$;

CREATE FUNCTION tap.key(number integer) RETURNS bytea LANGUAGE sql IMMUTABLE AS
$$ SELECT decode(lpad(to_hex(number), 32, '0'), 'hex') $$;
