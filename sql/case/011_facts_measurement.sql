-- A child's baseline and follow-up score on one instrument, version and informant, by
-- half-year. The baseline is the last score from 90 days before to 30 days after the enrolment
-- began; the follow-up is the latest score of the half-year that lies at least 60 days after
-- the baseline. A child counts once in a half-year: by its latest follow-up, then by the names
-- of instrument, version and informant. ("Latest" is within the half-year, so that a later score
-- never takes a child out of a half-year that was released.)
--   change_hundredths  oriented so that more is better
--   was_low, is_low    on the clinical side of the instrument's cut-off; NULL without one
CREATE VIEW facts.score_pair WITH (security_invoker = true) AS
SELECT DISTINCT ON (f.municipality_code, f.partnership_id, f.case_key, q.period_kind, q.period)
       f.municipality_code, f.partnership_id, f.case_key, q.period_kind, q.period,
       c.sex, b.age_band, c.target_group,
       CASE WHEN r.higher_is_better THEN 1 ELSE -1 END
           * (f.score_hundredths - s.score_hundredths) AS change_hundredths,
       (r.rci_criterion * 100)::integer AS criterion_hundredths,
       CASE WHEN r.higher_is_better THEN s.score_hundredths < r.cutoff * 100
            ELSE s.score_hundredths >= r.cutoff * 100 END AS was_low,
       CASE WHEN r.higher_is_better THEN f.score_hundredths < r.cutoff * 100
            ELSE f.score_hundredths >= r.cutoff * 100 END AS is_low
FROM (
    SELECT DISTINCT ON (c.municipality_code, c.partnership_id, c.case_key, c.enrolled_date,
                        x.instrument, x.instrument_version, x.informant)
           c.municipality_code, c.partnership_id, c.case_key, c.enrolled_date,
           x.instrument, x.instrument_version, x.informant, x.measured_date, x.score_hundredths
    FROM facts.programme AS c
    JOIN cases.measurement AS x
        ON x.municipality_code = c.municipality_code AND x.partnership_id = c.partnership_id
           AND x.case_key = c.case_key
           AND x.measured_date BETWEEN c.enrolled_date - 90 AND c.enrolled_date + 30
    ORDER BY c.municipality_code, c.partnership_id, c.case_key, c.enrolled_date,
             x.instrument, x.instrument_version, x.informant,
             x.measured_date DESC, x.measurement_key
) AS s
JOIN cases.measurement AS f
    ON f.municipality_code = s.municipality_code AND f.partnership_id = s.partnership_id
       AND f.case_key = s.case_key AND f.instrument = s.instrument
       AND f.instrument_version = s.instrument_version AND f.informant = s.informant
       AND f.measured_date >= s.measured_date + 60
JOIN ref.instrument AS r
    ON r.instrument = f.instrument AND r.version = f.instrument_version
       AND f.informant = ANY (string_to_array(r.informants, '|'))
JOIN facts.past_period AS q
    ON q.period_kind = 'half_year'
       AND q.start_date <= f.measured_date AND f.measured_date < q.end_date
JOIN facts.programme AS c
    ON c.municipality_code = s.municipality_code AND c.partnership_id = s.partnership_id
       AND c.case_key = s.case_key AND c.enrolled_date = s.enrolled_date
       AND c.from_date <= f.measured_date
       AND (c.to_date IS NULL OR f.measured_date < c.to_date)
JOIN ref.age_band AS b
    ON extract(year FROM f.measured_date)::integer - c.birth_year BETWEEN b.age_from AND b.age_to
ORDER BY f.municipality_code, f.partnership_id, f.case_key, q.period_kind, q.period,
         f.measured_date DESC, f.instrument, f.instrument_version, f.informant,
         f.measurement_key;

-- I27 reliable change (Jacobson and Truax 1991), by the instrument's least reliable change c:
--   RECOVERED     better by c or more, from the clinical side of the cut-off to the other
--   IMPROVED      better by c or more, otherwise
--   DETERIORATED  worse by c or more
--   UNCHANGED     else
CREATE VIEW facts.measurement_pair WITH (security_invoker = true) AS
SELECT 'measurement_pair'::text AS fact,
       p.municipality_code, p.partnership_id, p.period_kind, p.period,
       p.case_key AS subject, p.sex, p.age_band, p.target_group,
       'NONE'::text AS placement_type, 'NONE'::text AS ladder_step,
       'NONE'::text AS measure_kind, ''::text AS rule,
       CASE
           WHEN p.change_hundredths >= p.criterion_hundredths AND p.was_low AND NOT p.is_low
               THEN 'RECOVERED'
           WHEN p.change_hundredths >= p.criterion_hundredths THEN 'IMPROVED'
           WHEN p.change_hundredths <= -p.criterion_hundredths THEN 'DETERIORATED'
           ELSE 'UNCHANGED'
       END AS outcome,
       1::bigint AS units, 0::bigint AS numerator_hundredths, 0::bigint AS denominator_hundredths
FROM facts.score_pair AS p;

-- I26 change in wellbeing, in bands of the instrument's least reliable change c:
-- (.., -2c] (-2c, -c] (-c, c) [c, 2c) [2c, ..)
CREATE VIEW facts.measurement_change WITH (security_invoker = true) AS
SELECT 'measurement_change'::text AS fact,
       p.municipality_code, p.partnership_id, p.period_kind, p.period,
       p.case_key AS subject, p.sex, p.age_band, p.target_group,
       'NONE'::text AS placement_type, 'NONE'::text AS ladder_step,
       'NONE'::text AS measure_kind, ''::text AS rule,
       CASE
           WHEN p.change_hundredths <= -2 * p.criterion_hundredths THEN 'WORSE_2C'
           WHEN p.change_hundredths <= -p.criterion_hundredths THEN 'WORSE_C'
           WHEN p.change_hundredths < p.criterion_hundredths THEN 'SAME'
           WHEN p.change_hundredths < 2 * p.criterion_hundredths THEN 'BETTER_C'
           ELSE 'BETTER_2C'
       END AS outcome,
       1::bigint AS units, 0::bigint AS numerator_hundredths, 0::bigint AS denominator_hundredths
FROM facts.score_pair AS p;
