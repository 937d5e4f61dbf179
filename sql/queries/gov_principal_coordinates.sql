-- Whether a principal coordinates a partnership: $1 id, $2 partnership.
SELECT EXISTS (SELECT FROM gov.principal_partnership c
               WHERE c.principal_id = $1 AND c.partnership_id = $2::integer);
