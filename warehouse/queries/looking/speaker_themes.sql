-- The broad themes of a speaker's statements.
SELECT t.theme_id, t.label, count(DISTINCT m.statement_id) AS statements
FROM statements AS s
JOIN theme_members AS m ON m.statement_id = s.statement_id
JOIN themes AS t ON t.theme_id = m.theme_id
WHERE s.speaker_id = $speaker AND s.quotations > 0 AND t.parent_id IS NULL
GROUP BY t.theme_id, t.label
ORDER BY statements DESC, t.label
LIMIT 30
