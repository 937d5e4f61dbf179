-- Slugs of the partnerships that a principal coordinates or, as a municipality, is a member of:
-- $1 id.
SELECT DISTINCT s.slug
FROM gov.principal p
JOIN gov.partnership s
  ON EXISTS (SELECT FROM gov.principal_partnership c
             WHERE c.principal_id = p.principal_id AND c.partnership_id = s.partnership_id)
  OR EXISTS (SELECT FROM gov.membership m
             WHERE m.municipality_code = p.municipality_code
               AND m.partnership_id = s.partnership_id)
WHERE p.principal_id = $1
ORDER BY s.slug;
