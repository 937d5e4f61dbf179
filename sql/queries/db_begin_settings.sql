-- Settings of one transaction: $1 role or '', $2 statement timeout in milliseconds.
-- pg_temp is named last so that no temporary table can stand in for a system table.
SELECT set_config('search_path', 'pg_catalog, pg_temp', true),
       set_config('statement_timeout', $2, true),
       CASE WHEN $1 = '' THEN '' ELSE set_config('role', $1, true) END;
