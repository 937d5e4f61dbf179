-- I23 cases per caseworker and I25 share over the limit: one row per caseworker with at least
-- one open case on the last day of the quarter, and capacity in that month. Long leave, 0 full-
-- time equivalents and unknown capacity leave the caseworker out; unassigned cases belong to
-- nobody. A case is known by its responsible caseworker of today, also at earlier dates.
--   numerator    100 x open cases; denominator  100 x full-time equivalents
--   outcome      OVER when cases per full-time equivalent pass indicator I25's limit
-- The caseworker is the subject.
CREATE VIEW facts.worker_at_date WITH (security_invoker = true) AS
SELECT 'worker_at_date'::text AS fact,
       n.municipality_code, n.partnership_id, n.period_kind, n.period,
       n.worker_key AS subject, 'NONE'::text AS sex, 'NONE'::text AS age_band,
       'NONE'::text AS target_group, 'NONE'::text AS placement_type, 'NONE'::text AS ladder_step,
       'NONE'::text AS measure_kind, ''::text AS rule,
       CASE WHEN n.cases * 100 > l.parameter * w.fte_hundredths THEN 'OVER' ELSE 'WITHIN' END
           AS outcome,
       1::bigint AS units,
       n.cases * 100 AS numerator_hundredths,
       w.fte_hundredths::bigint AS denominator_hundredths
FROM (
    SELECT c.municipality_code, c.partnership_id, c.worker_key, q.period_kind, q.period,
           q.last_date, count(*) AS cases
    FROM facts.programme AS c
    JOIN facts.past_period AS q
        ON q.period_kind = 'quarter' AND c.from_date <= q.last_date
           AND (c.to_date IS NULL OR q.last_date < c.to_date)
    JOIN ref.age_band AS b
        ON extract(year FROM q.last_date)::integer - c.birth_year BETWEEN b.age_from AND b.age_to
    WHERE c.worker_key IS NOT NULL
    GROUP BY c.municipality_code, c.partnership_id, c.worker_key, q.period_kind, q.period,
             q.last_date
) AS n
JOIN cases.worker_month AS w
    ON w.municipality_code = n.municipality_code AND w.partnership_id = n.partnership_id
       AND w.worker_key = n.worker_key AND w.month = date_trunc('month', n.last_date)::date
       AND w.leave = 'NONE' AND w.fte_hundredths > 0
JOIN ref.indicator AS l ON l.indicator = 'I25';
