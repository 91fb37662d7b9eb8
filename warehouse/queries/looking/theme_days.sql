-- What was picked, by day and speaker: quotations, those of copies left out; the six who said most by name.
WITH spoken AS MATERIALIZED (
    SELECT q.day, q.speaker FROM picked AS q WHERE NOT q.copied AND q.day IS NOT NULL
),
foremost AS (
    SELECT speaker FROM spoken WHERE speaker IS NOT NULL GROUP BY speaker ORDER BY count(*) DESC, speaker LIMIT 6
),
counted AS (
    SELECT p.day, f.speaker, count(*) AS quotations
    FROM spoken AS p
    LEFT JOIN foremost AS f ON f.speaker = p.speaker
    GROUP BY p.day, f.speaker
)
SELECT c.day, s.name, c.quotations
FROM counted AS c
LEFT JOIN speakers AS s ON s.rowid = c.speaker
ORDER BY c.day, s.name NULLS LAST
