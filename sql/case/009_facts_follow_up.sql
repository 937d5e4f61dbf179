-- Law clocks and follow-ups. Months are calendar months: the same day number, or the month's
-- last day (PostgreSQL's date + interval does so).

-- I07 first follow-up on time (rule FU_FIRST: once, from the start) and I09 follow-up every 3
-- months (rule LOCAL_FU_3M: from the start, then from each follow-up): one row per obligation
-- due in the quarter, by the rule that was valid on the anchor day.
--   ON_TIME  the next follow-up was held on the due day or before
--   LATE     it was held later, or not at all
-- An intervention, case or enrolment that ends on the due day or before removes the obligation,
-- also when it was done: obligations are compared over those that ran their whole time.
CREATE VIEW facts.obligation WITH (security_invoker = true) AS
SELECT 'obligation'::text AS fact,
       a.municipality_code, a.partnership_id, q.period_kind, q.period,
       a.case_key AS subject, c.sex, b.age_band, c.target_group,
       coalesce(a.placement_type, 'NONE') AS placement_type,
       coalesce(a.ladder_step::text, 'NONE') AS ladder_step,
       a.measure_kind, r.rule_id AS rule,
       CASE WHEN a.next_date <= d.due_date THEN 'ON_TIME' ELSE 'LATE' END AS outcome,
       1::bigint AS units, 0::bigint AS numerator_hundredths, 0::bigint AS denominator_hundredths
FROM facts.anchor AS a
JOIN ref.law_rule AS r
    ON (a.is_start OR r.anchor_event = 'START_OR_FOLLOW_UP')
       AND r.valid_from <= a.anchor_date
       AND (r.valid_to IS NULL OR a.anchor_date < r.valid_to)
       AND a.kind = ANY (string_to_array(r.applies_kinds, '|'))
CROSS JOIN LATERAL (
    SELECT (a.anchor_date + make_interval(months => r.offset_count))::date AS due_date) AS d
JOIN facts.past_period AS q
    ON q.period_kind = 'quarter' AND q.start_date <= d.due_date AND d.due_date < q.end_date
JOIN facts.programme AS c
    ON c.municipality_code = a.municipality_code AND c.partnership_id = a.partnership_id
       AND c.case_key = a.case_key
       AND c.from_date <= d.due_date AND (c.to_date IS NULL OR d.due_date < c.to_date)
JOIN ref.age_band AS b
    ON extract(year FROM d.due_date)::integer - c.birth_year BETWEEN b.age_from AND b.age_to
WHERE a.end_date IS NULL OR d.due_date < a.end_date;

-- I10 days between follow-ups (the first counts from the start): one row per interval and
-- intervention that ends in the quarter; outcome is its band. Medians are read from the
-- protected bands, so that every number published is a protected count.
CREATE VIEW facts.followup_interval WITH (security_invoker = true) AS
SELECT 'followup_interval'::text AS fact,
       a.municipality_code, a.partnership_id, q.period_kind, q.period,
       a.case_key AS subject, c.sex, b.age_band, c.target_group,
       coalesce(a.placement_type, 'NONE') AS placement_type,
       coalesce(a.ladder_step::text, 'NONE') AS ladder_step,
       a.measure_kind, ''::text AS rule, i.interval_band AS outcome,
       1::bigint AS units, 0::bigint AS numerator_hundredths, 0::bigint AS denominator_hundredths
FROM facts.anchor AS a
JOIN ref.interval_band AS i
    ON i.days_from <= a.next_date - a.anchor_date
       AND (i.days_to IS NULL OR a.next_date - a.anchor_date <= i.days_to)
JOIN facts.past_period AS q
    ON q.period_kind = 'quarter' AND q.start_date <= a.next_date AND a.next_date < q.end_date
JOIN facts.programme AS c
    ON c.municipality_code = a.municipality_code AND c.partnership_id = a.partnership_id
       AND c.case_key = a.case_key
       AND c.from_date <= a.next_date AND (c.to_date IS NULL OR a.next_date < c.to_date)
JOIN ref.age_band AS b
    ON extract(year FROM a.next_date)::integer - c.birth_year BETWEEN b.age_from AND b.age_to
WHERE a.measure_kind <> 'NONE';
