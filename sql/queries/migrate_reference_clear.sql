-- Empties every reference table before they are loaded anew, in one transaction: whoever reads
-- meanwhile still sees the old rows.
WITH a AS (DELETE FROM ref.municipality),
     b AS (DELETE FROM ref.code_list),
     c AS (DELETE FROM ref.paragraph),
     d AS (DELETE FROM ref.place_type),
     e AS (DELETE FROM ref.ladder_step),
     f AS (DELETE FROM ref.instrument),
     g AS (DELETE FROM ref.law_rule),
     h AS (DELETE FROM ref.age_band),
     i AS (DELETE FROM ref.interval_band),
     j AS (DELETE FROM ref.period),
     k AS (DELETE FROM ref.indicator),
     l AS (DELETE FROM ref.measure),
     m AS (DELETE FROM ref.plan)
SELECT 1;
