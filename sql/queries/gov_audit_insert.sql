-- One audit entry: $1 process, $2 method, $3 principal, $4 role, $5 municipality or 0,
-- $6 request, $7 verdict, $8 subject.
INSERT INTO audit.entry (process, method, principal_id, role, municipality_code, request_id,
                         verdict, subject)
VALUES ($1, $2, $3, $4, nullif($5::smallint, 0::smallint), $6, $7, $8);
