-- Loads sql/reference/municipality.csv; its header must name the table's columns in order.
COPY ref.municipality FROM STDIN WITH (FORMAT csv, HEADER match);
