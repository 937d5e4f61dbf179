-- Loads sql/reference/age_band.csv; its header must name the table's columns in order.
COPY ref.age_band FROM STDIN WITH (FORMAT csv, HEADER match);
