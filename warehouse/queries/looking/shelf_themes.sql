-- The themes, the statement that each grew from, and whether it is a broad one.
SELECT rowid AS place, hash(theme_id) AS key, hash(statement_id) AS statement, parent_id IS NULL AS broad FROM themes
