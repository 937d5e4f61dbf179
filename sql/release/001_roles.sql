-- The roles of the release cluster. Nothing is owned by a role that an application logs in with.
--   fremgang_pool        login of `fremgangd pool`; inherits nothing, so without SET ROLE it
--                        reads no release
--   pool_viewer          a coordinator's or researcher's call: visible releases
--   pool_steward         a steward's call: releases of every state, cells of visible ones
--   pool_member          a municipality's call: closes its own periods
--   fremgang_intake_gov  login of `fremgangd intake`: reads partnerships and principals
--   fremgang_publish     login of `fremgangd publish`: reads governance, stages releases
DO $$
DECLARE
    wanted record;
BEGIN
    FOR wanted IN
        SELECT * FROM (VALUES
            ('fremgang_pool', 'LOGIN NOINHERIT'),
            ('fremgang_intake_gov', 'LOGIN NOINHERIT'),
            ('fremgang_publish', 'LOGIN NOINHERIT'),
            ('pool_viewer', 'NOLOGIN'),
            ('pool_steward', 'NOLOGIN'),
            ('pool_member', 'NOLOGIN')) AS roles (name, options)
    LOOP
        IF NOT EXISTS (SELECT FROM pg_catalog.pg_roles WHERE rolname = wanted.name) THEN
            EXECUTE format('CREATE ROLE %I %s', wanted.name, wanted.options);
        END IF;
    END LOOP;
END
$$;

GRANT pool_viewer, pool_steward, pool_member TO fremgang_pool;

REVOKE ALL ON SCHEMA public FROM PUBLIC;

CREATE SCHEMA gov;
CREATE SCHEMA release;
CREATE SCHEMA audit;
REVOKE ALL ON SCHEMA gov, release, audit FROM PUBLIC;
