-- Stages a release: $1 id, $2 partnership, $3 policy, $4 manifest, $5 its digest, $6 its
-- signature, $7 synthetic, $8 cells shown to the widest audience, $9 cells withheld from it.
INSERT INTO release.release (release_id, partnership_id, policy, manifest, manifest_sha256,
                             manifest_signature, synthetic, cells_shown, cells_withheld)
VALUES ($1, $2::integer, $3, $4, $5, $6, $7::boolean, $8::bigint, $9::bigint);
