-- Loads sql/reference/period.csv; its header must name the table's columns in order.
COPY ref.period FROM STDIN WITH (FORMAT csv, HEADER match);
