-- Loads sql/reference/plan.csv; its header must name the table's columns in order.
COPY ref.plan FROM STDIN WITH (FORMAT csv, HEADER match);
