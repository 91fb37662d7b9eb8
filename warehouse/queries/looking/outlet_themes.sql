-- What an outlet's quotations are about.
SELECT t.theme_id, t.label, count(DISTINCT q.statement_id) AS statements
FROM said AS q
JOIN theme_members AS m ON m.statement_id = q.statement_id
JOIN themes AS t ON t.theme_id = m.theme_id
WHERE q.outlet = $outlet AND t.parent_id IS NULL
GROUP BY t.theme_id, t.label
ORDER BY statements DESC, t.label
LIMIT 20
