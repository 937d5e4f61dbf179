-- Loads sql/reference/instrument.csv; its header must name the table's columns in order.
COPY ref.instrument FROM STDIN WITH (FORMAT csv, HEADER match);
