-- A table of a staged release: $1 id, $2 number, $3 audience, $4 name, $5 indicator,
-- $6 dimensions.
INSERT INTO release.release_table (release_id, table_number, audience, name, indicator,
                                   dimensions)
VALUES ($1, $2::integer, $3, $4, $5, $6::text[]);
