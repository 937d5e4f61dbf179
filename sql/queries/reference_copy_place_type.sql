-- Loads sql/reference/place_type.csv; its header must name the table's columns in order.
COPY ref.place_type FROM STDIN WITH (FORMAT csv, HEADER match);
