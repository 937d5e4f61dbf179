-- Loads sql/reference/paragraph.csv; its header must name the table's columns in order.
COPY ref.paragraph FROM STDIN WITH (FORMAT csv, HEADER match);
