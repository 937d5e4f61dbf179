-- Children at a date, and between two.

-- I01 share placed by type and I03 ladder distribution: one row per child with an open measure
-- on the last day T of the quarter.
--   placement_type  type of the open placement; of two, the one that started last; family
--                   stays and relief are no placements
--   ladder_step     the highest open step
CREATE VIEW facts.child_at_date WITH (security_invoker = true) AS
SELECT 'child_at_date'::text AS fact,
       c.municipality_code, c.partnership_id, q.period_kind, q.period,
       c.case_key AS subject, c.sex, b.age_band, c.target_group,
       coalesce((array_agg(s.placement_type
                           ORDER BY s.start_date DESC, s.ladder_step DESC, s.intervention_key)
                     FILTER (WHERE s.placement_type IS NOT NULL))[1], 'NONE') AS placement_type,
       max(s.ladder_step)::text AS ladder_step,
       'NONE'::text AS measure_kind, ''::text AS rule, ''::text AS outcome,
       1::bigint AS units, 0::bigint AS numerator_hundredths, 0::bigint AS denominator_hundredths
FROM facts.programme AS c
JOIN facts.past_period AS q
    ON q.period_kind = 'quarter' AND c.from_date <= q.last_date
       AND (c.to_date IS NULL OR q.last_date < c.to_date)
JOIN ref.age_band AS b
    ON extract(year FROM q.last_date)::integer - c.birth_year BETWEEN b.age_from AND b.age_to
JOIN facts.spell AS s
    ON s.municipality_code = c.municipality_code AND s.partnership_id = c.partnership_id
       AND s.case_key = c.case_key AND s.ladder_step IS NOT NULL
       AND s.start_date <= q.last_date AND (s.end_date IS NULL OR q.last_date < s.end_date)
GROUP BY c.municipality_code, c.partnership_id, c.case_key, q.period_kind, q.period, c.sex,
         b.age_band, c.target_group;

-- I05 moves down and up: children with an open measure at the end of the quarter before (A) and
-- at the end of the quarter (B), enrolled at both; outcome compares the highest steps.
CREATE VIEW facts.child_move WITH (security_invoker = true) AS
SELECT 'child_move'::text AS fact,
       m.municipality_code, m.partnership_id, m.period_kind, m.period,
       m.case_key AS subject, m.sex, m.age_band, m.target_group,
       'NONE'::text AS placement_type, 'NONE'::text AS ladder_step,
       'NONE'::text AS measure_kind, ''::text AS rule,
       CASE
           WHEN m.step_b < m.step_a THEN 'DOWN'
           WHEN m.step_b = m.step_a THEN 'SAME'
           ELSE 'UP'
       END AS outcome,
       1::bigint AS units, 0::bigint AS numerator_hundredths, 0::bigint AS denominator_hundredths
FROM (
    SELECT c.municipality_code, c.partnership_id, c.case_key, q.period_kind, q.period, c.sex,
           b.age_band, c.target_group,
           max(s.ladder_step) FILTER (
               WHERE s.start_date < q.start_date
                 AND (s.end_date IS NULL OR q.start_date <= s.end_date)) AS step_a,
           max(s.ladder_step) FILTER (
               WHERE s.start_date <= q.last_date
                 AND (s.end_date IS NULL OR q.last_date < s.end_date)) AS step_b
    FROM facts.programme AS c
    JOIN facts.past_period AS q
        ON q.period_kind = 'quarter' AND c.from_date <= q.last_date
           AND (c.to_date IS NULL OR q.last_date < c.to_date)
    JOIN ref.age_band AS b
        ON extract(year FROM q.last_date)::integer - c.birth_year BETWEEN b.age_from AND b.age_to
    JOIN facts.spell AS s
        ON s.municipality_code = c.municipality_code AND s.partnership_id = c.partnership_id
           AND s.case_key = c.case_key AND s.ladder_step IS NOT NULL
           AND s.start_date <= q.last_date
           AND (s.end_date IS NULL OR q.start_date <= s.end_date)
    WHERE EXISTS (
        SELECT FROM facts.programme AS p
        WHERE p.municipality_code = c.municipality_code AND p.partnership_id = c.partnership_id
          AND p.case_key = c.case_key AND p.from_date < q.start_date
          AND (p.to_date IS NULL OR q.start_date <= p.to_date))
    GROUP BY c.municipality_code, c.partnership_id, c.case_key, q.period_kind, q.period, c.sex,
             b.age_band, c.target_group
) AS m
WHERE m.step_a IS NOT NULL AND m.step_b IS NOT NULL;
