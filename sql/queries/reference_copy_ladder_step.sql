-- Loads sql/reference/ladder_step.csv; its header must name the table's columns in order.
COPY ref.ladder_step FROM STDIN WITH (FORMAT csv, HEADER match);
