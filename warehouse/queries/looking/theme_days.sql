-- What was said in a theme, by day and speaker: quotations, those of copies left out; the six who said most by name.
WITH spoken AS MATERIALIZED (
    SELECT q.day, q.speaker
    FROM memory.main.shelved AS q
    WHERE q.said IN (SELECT hash(CAST(m.statement_id AS UUID)) FROM theme_members AS m WHERE m.theme_id = $theme)
        AND NOT q.copied AND q.day IS NOT NULL
),
foremost AS (
    SELECT speaker FROM spoken WHERE speaker <> '-' GROUP BY speaker ORDER BY count(*) DESC, speaker LIMIT 6
),
counted AS (
    SELECT p.day, f.speaker, count(*) AS quotations
    FROM spoken AS p
    LEFT JOIN foremost AS f ON f.speaker = p.speaker
    GROUP BY p.day, f.speaker
)
SELECT c.day, s.name, c.quotations
FROM counted AS c
LEFT JOIN speakers AS s ON s.speaker_id = CAST(c.speaker AS VARCHAR)
ORDER BY c.day, s.name NULLS LAST
