-- A partnership of three, people of every role, and three releases: one staged, one visible, one
-- withdrawn, each with one exact and one withheld cell. Included inside a file's transaction.
INSERT INTO gov.partnership (slug, name, from_date, to_date, synthetic)
VALUES ('pulje', 'Pulje', '2014-01-01', '2018-01-01', true);
INSERT INTO gov.agreement (partnership_id, named_to, policy, threshold, width)
SELECT partnership_id, ARRAY['coordinator'], 'suppress-t5-w5', 5, 5 FROM gov.partnership;
INSERT INTO gov.membership
SELECT partnership_id, code, from_date, to_date
FROM gov.partnership, unnest(ARRAY[167, 510, 657]) AS code;

CREATE FUNCTION pg_temp.person(number integer) RETURNS text LANGUAGE sql IMMUTABLE AS
$$ SELECT 'p-' || lpad(number::text, 24, '0') $$;
CREATE FUNCTION pg_temp.digest(number integer) RETURNS bytea LANGUAGE sql IMMUTABLE AS
$$ SELECT sha256(number::text::bytea) $$;
CREATE FUNCTION pg_temp.signature() RETURNS bytea LANGUAGE sql IMMUTABLE AS
$$ SELECT decode(repeat('00', 64), 'hex') $$;

INSERT INTO gov.principal (principal_id, role, name, municipality_code, public_key)
VALUES (pg_temp.person(1), 'steward', 'A', NULL, pg_temp.digest(1)),
       (pg_temp.person(2), 'steward', 'B', NULL, pg_temp.digest(2)),
       (pg_temp.person(3), 'coordinator', 'C', NULL, pg_temp.digest(3)),
       (pg_temp.person(4), 'researcher', 'D', NULL, pg_temp.digest(4)),
       (pg_temp.person(5), 'municipality', 'E', 657, pg_temp.digest(5));
INSERT INTO gov.enrolment_code (code_sha256, role, name, expires_at)
VALUES (pg_temp.digest(99), 'steward', 'F', now() + interval '1 day');
INSERT INTO audit.entry (process, method, principal_id, role, request_id, verdict, subject)
VALUES ('pool', 'm', '', '', 'r', 'OK', '');

-- stage(number, period): one release of one period with one table of two cells.
CREATE FUNCTION pg_temp.stage(number integer, period text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    id text := 'pulje-' || period || '-' || number;
    partnership integer := (SELECT partnership_id FROM gov.partnership);
BEGIN
    INSERT INTO release.release (release_id, partnership_id, policy, manifest, manifest_sha256,
                                 manifest_signature, synthetic, cells_shown, cells_withheld)
    VALUES (id, partnership, 'suppress-t5-w5', 'm', pg_temp.digest(number), pg_temp.signature(),
            true, 1, 1);
    INSERT INTO release.release_period VALUES (id, partnership, period);
    INSERT INTO release.release_table VALUES (id, 1, 'named', 'I01', 'I01', '{}');
    INSERT INTO release.cell VALUES (id, 1, period, '', '', 'TOTAL', 'exact', 60),
                                    (id, 1, period, '', '', 'FOSTER', 'withheld', NULL);
    INSERT INTO release.left_out VALUES (id, period, 167);
    RETURN id;
END
$$;
CREATE FUNCTION pg_temp.sign(release text, number integer) RETURNS void LANGUAGE sql AS $$
    INSERT INTO release.approval (release_id, principal_id, manifest_sha256, request_id,
                                  idempotency_key, request, signed_at_us, signature)
    SELECT release, pg_temp.person(number), r.manifest_sha256, 'r', 'k', 'q', 0,
           pg_temp.signature()
    FROM release.release AS r WHERE r.release_id = release
$$;
SELECT pg_temp.stage(1, '2014-Q1'), pg_temp.stage(2, '2014-Q2'), pg_temp.stage(3, '2014-Q3');
SELECT pg_temp.sign(r, p)
FROM unnest(ARRAY['pulje-2014-Q2-2', 'pulje-2014-Q3-3']) AS r, unnest(ARRAY[1, 2]) AS p;
UPDATE release.release SET state = 'visible', visible_at = now()
WHERE release_id IN ('pulje-2014-Q2-2', 'pulje-2014-Q3-3');
UPDATE release.release SET state = 'withdrawn', withdrawn_at = now(),
                           withdrawn_by = pg_temp.person(1), withdrawn_reason = 'wrong'
WHERE release_id = 'pulje-2014-Q3-3';
