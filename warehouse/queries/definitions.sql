-- Everything that a file defines, a digest each: how tables, views and macros are made, and what is said of them.
WITH relations AS (
    SELECT schema_name, table_name AS name, 'table' AS kind, [sql, comment] AS told
    FROM duckdb_tables()
    WHERE database_name = current_database()
    UNION ALL
    SELECT schema_name, view_name, 'view', [sql, comment]
    FROM duckdb_views()
    WHERE database_name = current_database() AND NOT internal
),
lines AS (
    SELECT kind, schema_name, name, told FROM relations
    UNION ALL
    SELECT
        r.kind, schema_name, r.name,
        [lpad(CAST(c.column_index AS VARCHAR), 4, '0'), c.column_name, c.data_type, CAST(c.is_nullable AS VARCHAR), c.column_default, c.comment]
    FROM duckdb_columns() AS c
    JOIN relations AS r USING (schema_name)
    WHERE c.database_name = current_database() AND c.table_name = r.name
    UNION ALL
    SELECT 'table', schema_name, table_name, [constraint_text]
    FROM duckdb_constraints()
    WHERE database_name = current_database()
    UNION ALL
    SELECT 'index', schema_name, index_name, [table_name, sql, comment]
    FROM duckdb_indexes()
    WHERE database_name = current_database()
    UNION ALL
    SELECT
        'macro', schema_name, function_name,
        [function_type, CAST(parameters AS VARCHAR), CAST(parameter_types AS VARCHAR), macro_definition, comment, description]
    FROM duckdb_functions()
    WHERE database_name = current_database() AND NOT internal
    UNION ALL
    SELECT 'sequence', schema_name, sequence_name, [sql, CAST(last_value AS VARCHAR), comment]
    FROM duckdb_sequences()
    WHERE database_name = current_database()
    UNION ALL
    SELECT 'type', schema_name, type_name, [logical_type, CAST(labels AS VARCHAR), comment]
    FROM duckdb_types()
    WHERE database_name = current_database() AND NOT internal
    UNION ALL
    SELECT 'schema', schema_name, schema_name, [comment]
    FROM duckdb_schemas()
    WHERE database_name = current_database() AND (NOT internal OR schema_name = 'main')
)
SELECT
    kind || ' ' || if(schema_name = 'main' OR kind = 'schema', name, schema_name || '.' || name) AS object,
    md5(string_agg(CAST(to_json(told) AS VARCHAR), chr(10) ORDER BY told)) AS digest
FROM lines
GROUP BY object
ORDER BY object
