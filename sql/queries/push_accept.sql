-- Decides which staged units are news: those with a greater version than the one held. Of two
-- in one batch the greater version wins. $1 municipality, $2 partnership.
WITH newest AS (
    SELECT DISTINCT ON (s.unit_kind, s.unit_key, s.month)
           s."position", s.unit_kind, s.unit_key, s.month, s.version, s.is_removed
    FROM pg_temp.stage_unit AS s
    ORDER BY s.unit_kind, s.unit_key, s.month, s.version DESC, s."position"
), stored AS (
    INSERT INTO cases.unit AS u
        (municipality_code, partnership_id, unit_kind, unit_key, month, version, is_removed,
         revision)
    SELECT $1::smallint, $2::integer, n.unit_kind, n.unit_key, n.month, n.version, n.is_removed, 1
    FROM newest AS n
    ORDER BY n.unit_kind, n.unit_key, n.month
    ON CONFLICT (municipality_code, partnership_id, unit_kind, unit_key, month)
    DO UPDATE SET version = excluded.version, is_removed = excluded.is_removed,
                  revision = u.revision + 1
    WHERE u.version < excluded.version
    RETURNING u.unit_kind, u.unit_key, u.month, u.revision
)
UPDATE pg_temp.stage_unit AS s
SET is_accepted = true, was_held = d.revision > 1
FROM newest AS n
JOIN stored AS d ON d.unit_kind = n.unit_kind AND d.unit_key = n.unit_key AND d.month = n.month
WHERE s."position" = n."position";
