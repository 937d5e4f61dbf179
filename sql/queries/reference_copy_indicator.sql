-- Loads sql/reference/indicator.csv; its header must name the table's columns in order.
COPY ref.indicator FROM STDIN WITH (FORMAT csv, HEADER match);
