-- The broad themes of what a speaker said.
SELECT t.theme_id, t.label, c.statements
FROM (
    SELECT CAST(q.theme AS VARCHAR) AS theme_id, count(DISTINCT q.said) AS statements
    FROM memory.main.shelved AS q
    WHERE q.speaker = TRY_CAST($speaker AS memory.main.speaker_code)
    GROUP BY q.theme
) AS c
JOIN themes AS t ON t.theme_id = c.theme_id
ORDER BY c.statements DESC, t.label
LIMIT 30
