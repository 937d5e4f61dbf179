-- Loads sql/reference/measure.csv; its header must name the table's columns in order.
COPY ref.measure FROM STDIN WITH (FORMAT csv, HEADER match);
