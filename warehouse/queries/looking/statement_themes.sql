-- The themes of a statement, the narrow before the broad.
SELECT t.theme_id, t.label
FROM theme_members AS m
JOIN themes AS t ON t.theme_id = m.theme_id
WHERE m.statement_id = $statement
ORDER BY t.parent_id IS NULL, m.similarity DESC
LIMIT 4
