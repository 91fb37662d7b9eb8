-- What there is to ask: every column of every table and view, with what it holds.
-- table_name: The table or view
-- column_name: The column
-- data_type: Its type
-- comment: What it holds
CREATE VIEW columns AS
SELECT c.table_name, c.column_name, c.data_type, c.comment
FROM duckdb_columns() AS c
WHERE c.database_name = current_database() AND c.schema_name = 'main' AND NOT c.internal
ORDER BY c.table_name, c.column_index;
