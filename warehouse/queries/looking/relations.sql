-- Every view and table of the record with its columns and their comments: the views first, in order of their names.
WITH named AS (
    SELECT view_name AS name, comment AS about, TRUE AS view
    FROM duckdb_views()
    WHERE database_name = current_database() AND schema_name = 'main' AND NOT internal
    UNION ALL
    SELECT table_name, comment, FALSE
    FROM duckdb_tables()
    WHERE database_name = current_database() AND schema_name = 'main' AND NOT internal
)
SELECT
    n.name, n.about, n.view,
    list({name: c.column_name, type: c.data_type, about: c.comment} ORDER BY c.column_index) AS columns
FROM named AS n
JOIN duckdb_columns() AS c
    ON c.table_name = n.name AND c.database_name = current_database() AND c.schema_name = 'main'
GROUP BY n.name, n.about, n.view
ORDER BY NOT n.view, n.name
