-- Whether a permit runs: $1 principal, $2 partnership, $3 today.
SELECT EXISTS (SELECT FROM gov.permit p
               WHERE p.principal_id = $1 AND p.partnership_id = $2::integer
                 AND p.until_date > $3::date);
