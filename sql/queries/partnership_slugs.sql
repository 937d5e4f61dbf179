-- Every partnership.
SELECT p.slug FROM gov.partnership p ORDER BY p.slug;
