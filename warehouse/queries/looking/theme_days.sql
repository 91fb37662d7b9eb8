-- What was said in a theme, by day and speaker: quotations, those of copies left out; the six who said most by name.
WITH spoken AS (
    SELECT q.day, q.speaker_id
    FROM theme_members AS m
    JOIN said AS q ON q.statement_id = m.statement_id
    WHERE m.theme_id = $theme AND q.copy_of IS NULL AND q.day IS NOT NULL
),
foremost AS (
    SELECT speaker_id FROM spoken WHERE speaker_id IS NOT NULL GROUP BY speaker_id ORDER BY count(*) DESC, speaker_id LIMIT 6
)
SELECT p.day, s.name, count(*) AS quotations
FROM spoken AS p
LEFT JOIN foremost AS f ON f.speaker_id = p.speaker_id
LEFT JOIN speakers AS s ON s.speaker_id = f.speaker_id
GROUP BY p.day, s.speaker_id, s.name
ORDER BY p.day, s.name NULLS LAST
