-- Loads sql/reference/code_list.csv; its header must name the table's columns in order.
COPY ref.code_list FROM STDIN WITH (FORMAT csv, HEADER match);
