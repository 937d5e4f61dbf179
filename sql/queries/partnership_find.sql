-- A partnership with its agreement: $1 slug.
SELECT p.partnership_id, p.slug, p.name, p.from_date, p.to_date, p.synthetic,
       'coordinator' = ANY (a.named_to), 'researcher' = ANY (a.named_to),
       a.policy, a.threshold, a.width
FROM gov.partnership p
JOIN gov.agreement a ON a.partnership_id = p.partnership_id
WHERE p.slug = $1;
