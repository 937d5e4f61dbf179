-- The roles of the case cluster. Children's rows are owned by the role that migrates, which no
-- application logs in with.
--   fremgang_intake        login of `fremgangd intake`; inherits nothing, so without SET ROLE
--                          it sees no row
--   muni_<code>            one municipality's calls; its own rows only (004_row_security)
--   fremgang_municipality  the group of them, which holds their privileges
--   fremgang_publish       login of `fremgangd publish`; reads all rows, writes nothing
DO $$
DECLARE
    wanted record;
BEGIN
    FOR wanted IN
        SELECT * FROM (VALUES
            ('fremgang_intake', 'LOGIN NOINHERIT'),
            ('fremgang_publish', 'LOGIN NOINHERIT'),
            ('fremgang_municipality', 'NOLOGIN')) AS roles (name, options)
    LOOP
        IF NOT EXISTS (SELECT FROM pg_catalog.pg_roles WHERE rolname = wanted.name) THEN
            EXECUTE format('CREATE ROLE %I %s', wanted.name, wanted.options);
        END IF;
    END LOOP;
    EXECUTE format('REVOKE ALL ON DATABASE %I FROM PUBLIC', current_database());
    EXECUTE format('GRANT CONNECT ON DATABASE %I TO fremgang_intake, fremgang_publish',
                   current_database());
    -- Pushes are staged in temporary tables.
    EXECUTE format('GRANT TEMPORARY ON DATABASE %I TO fremgang_municipality',
                   current_database());
END
$$;

REVOKE ALL ON SCHEMA public FROM PUBLIC;

CREATE SCHEMA ref;
CREATE SCHEMA cases;
CREATE SCHEMA facts;
CREATE SCHEMA audit;
REVOKE ALL ON SCHEMA ref, cases, facts, audit FROM PUBLIC;

-- Which municipality a role speaks for: the only thing that row security looks up.
CREATE TABLE cases.municipality_role (
    role_name name PRIMARY KEY,
    municipality_code smallint NOT NULL UNIQUE CHECK (municipality_code BETWEEN 101 AND 999)
);

-- The 98 municipalities since 2007-01-01; the same codes as sql/reference/municipality.csv.
DO $$
DECLARE
    code smallint;
    role_name name;
BEGIN
    FOREACH code IN ARRAY ARRAY[
        101, 147, 151, 153, 155, 157, 159, 161, 163, 165, 167, 169, 173, 175,
        183, 185, 187, 190, 201, 210, 217, 219, 223, 230, 240, 250, 253, 259,
        260, 265, 269, 270, 306, 316, 320, 326, 329, 330, 336, 340, 350, 360,
        370, 376, 390, 400, 410, 420, 430, 440, 450, 461, 479, 480, 482, 492,
        510, 530, 540, 550, 561, 563, 573, 575, 580, 607, 615, 621, 630, 657,
        661, 665, 671, 706, 707, 710, 727, 730, 740, 741, 746, 751, 756, 760,
        766, 773, 779, 787, 791, 810, 813, 820, 825, 840, 846, 849, 851, 860]
    LOOP
        role_name := 'muni_' || code;
        IF NOT EXISTS (SELECT FROM pg_catalog.pg_roles WHERE rolname = role_name) THEN
            EXECUTE format('CREATE ROLE %I NOLOGIN IN ROLE fremgang_municipality', role_name);
        END IF;
        EXECUTE format('GRANT %I TO fremgang_intake', role_name);
        INSERT INTO cases.municipality_role VALUES (role_name, code);
    END LOOP;
END
$$;
