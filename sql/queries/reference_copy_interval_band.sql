-- Loads sql/reference/interval_band.csv; its header must name the table's columns in order.
COPY ref.interval_band FROM STDIN WITH (FORMAT csv, HEADER match);
