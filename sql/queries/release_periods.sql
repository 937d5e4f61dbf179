-- Periods of a partnership that a release holds: $1 partnership.
SELECT p.period
FROM release.release_period p
WHERE p.partnership_id = $1::integer AND NOT p.void
ORDER BY p.period;
