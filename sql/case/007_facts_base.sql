-- What the facts are made of. Conventions (all facts):
--   spells are half-open [start, end), an empty end is open; a spell open at T has
--   start <= T < end; a period is [start_date, end_date); its snapshot is its last day
--   only periods that have passed yield facts, so a fact never changes with the clock
--   a child is counted while its case is open and enrolled in the partnership on the anchor
--   day, and is under 18 by birth year: only the year is known, so age = year - birth year,
--   and a child who turns 18 during a year is left out from its 1 January on
--   a case that another municipality acts in (handlekommune) is counted there
--   a dimension that a fact does not have is 'NONE'
-- Every view keeps municipality_code, partnership_id and case_key as columns to group and join
-- by, so that a query for one municipality reads one partition of each table.
CREATE VIEW facts.past_period WITH (security_invoker = true) AS
SELECT period_kind, period, period_no, start_date, end_date, end_date - 1 AS last_date
FROM ref.period
WHERE end_date <= CURRENT_DATE;

-- A child in a programme: the days on which the case is both open and enrolled. Enrolments of
-- one case do not overlap (row rule enrolment.overlap), so a day meets at most one row.
CREATE VIEW facts.programme WITH (security_invoker = true) AS
SELECT c.municipality_code, c.partnership_id, c.case_key, c.birth_year, c.sex, c.target_group,
       c.worker_key,
       e.from_date AS enrolled_date,
       greatest(c.opened_date, e.from_date) AS from_date,
       least(c.closed_date, e.to_date) AS to_date -- NULL is open
FROM cases.case_file AS c
JOIN cases.enrolment AS e
    ON e.municipality_code = c.municipality_code AND e.partnership_id = c.partnership_id
       AND e.case_key = c.case_key
WHERE c.acting_municipality IS NULL OR c.acting_municipality = c.municipality_code;

-- An intervention with what its paragraph and place mean. (That a closed case has none is seen
-- to by facts.programme, which every fact joins on its anchor day.) Financial support and support
-- persons for parents are on no step of the ladder.
CREATE VIEW facts.spell WITH (security_invoker = true) AS
SELECT i.municipality_code, i.partnership_id, i.case_key, i.intervention_key,
       i.start_date,
       i.end_date, -- NULL is open
       g.kind,
       CASE
           WHEN g.kind IN ('PLACEMENT', 'PREVENTIVE') THEN g.kind
           WHEN g.kind IN ('HOME', 'FAMILY_STAY', 'RELIEF', 'ORDER', 'YOUTH_CRIME') THEN 'HOME'
           ELSE 'NONE'
       END AS measure_kind,
       CASE
           WHEN g.kind IN ('ACCESSORY', 'ECONOMIC') THEN NULL
           WHEN g.step = 'PLACE' THEN t.step
           WHEN g.step = 'PLACE_OR_3' THEN coalesce(t.step, 3)
           ELSE g.step::smallint
       END AS ladder_step,
       CASE WHEN g.kind = 'PLACEMENT' THEN t.share_type END AS placement_type
FROM cases.intervention AS i
JOIN ref.paragraph AS g ON g.code = i.paragraph
LEFT JOIN ref.place_type AS t ON t.code = i.place_type;

-- The days a clock starts for an intervention: its start, then each follow-up that covers it
-- (two on one day are one). next_date is the day of the follow-up after it, or NULL.
CREATE VIEW facts.anchor WITH (security_invoker = true) AS
SELECT a.*,
       lead(a.anchor_date) OVER (
           PARTITION BY a.municipality_code, a.partnership_id, a.case_key, a.intervention_key
           ORDER BY a.anchor_date, a.is_start DESC) AS next_date
FROM (
    SELECT s.municipality_code, s.partnership_id, s.case_key, s.intervention_key, s.end_date,
           s.kind, s.measure_kind, s.ladder_step, s.placement_type,
           true AS is_start, s.start_date AS anchor_date
    FROM facts.spell AS s
    UNION ALL
    SELECT DISTINCT
           s.municipality_code, s.partnership_id, s.case_key, s.intervention_key, s.end_date,
           s.kind, s.measure_kind, s.ladder_step, s.placement_type,
           false, f.followup_date
    FROM facts.spell AS s
    JOIN cases.follow_up_intervention AS l
        ON l.municipality_code = s.municipality_code AND l.partnership_id = s.partnership_id
           AND l.case_key = s.case_key AND l.intervention_key = s.intervention_key
    JOIN cases.follow_up AS f
        ON f.municipality_code = l.municipality_code AND f.partnership_id = l.partnership_id
           AND f.case_key = l.case_key AND f.followup_key = l.followup_key
    WHERE f.followup_date >= s.start_date
      AND (s.end_date IS NULL OR f.followup_date < s.end_date)
) AS a;
