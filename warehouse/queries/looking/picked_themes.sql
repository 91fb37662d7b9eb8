-- The broad themes of what was picked.
SELECT t.theme_id, t.label, c.statements
FROM (SELECT q.theme, count(DISTINCT q.said) AS statements FROM picked AS q GROUP BY q.theme) AS c
JOIN themes AS t ON t.rowid = c.theme
ORDER BY c.statements DESC, t.label
LIMIT 30
