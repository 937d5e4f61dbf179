-- Loads sql/reference/law_rule.csv; its header must name the table's columns in order.
COPY ref.law_rule FROM STDIN WITH (FORMAT csv, HEADER match);
