-- Facts of one municipality. $1 municipality, $2 partnership, $3 first and $4 last period,
-- $5 rule, or '' for all.
SELECT f.municipality_code, f.partnership_id, f.period_kind, f.period, f.subject, f.sex,
       f.age_band, f.target_group, f.placement_type, f.ladder_step, f.measure_kind, f.rule,
       f.outcome, f.units, f.numerator_hundredths, f.denominator_hundredths
FROM facts.worker_at_date AS f
WHERE f.municipality_code = $1 AND f.partnership_id = $2
  AND f.period BETWEEN $3 AND $4 AND ($5 = '' OR f.rule = $5);
