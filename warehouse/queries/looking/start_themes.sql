-- The largest themes of the broad grain.
SELECT theme_id, label, size
FROM themes
WHERE parent_id IS NULL
ORDER BY size DESC, label, theme_id
LIMIT 12
