-- Closes the open ones of a member's periods and names them: $1 partnership, $2 municipality,
-- $3 periods, $4 by whom.
INSERT INTO gov.period_close (partnership_id, municipality_code, period, closed_by)
SELECT $1::integer, $2::smallint, asked.period, $4
FROM unnest($3::text[]) AS asked (period)
ON CONFLICT DO NOTHING
RETURNING period;
