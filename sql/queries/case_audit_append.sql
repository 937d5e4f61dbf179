-- One entry of the audit. $1 process, $2 method, $3 principal, $4 role, $5 municipality or NULL,
-- $6 request id, $7 verdict, $8 subject.
INSERT INTO audit.entry
    (process, method, principal_id, role, municipality_code, request_id, verdict, subject)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8);
