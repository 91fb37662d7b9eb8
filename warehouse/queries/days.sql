-- Quotations of the thirty days up to the newest, by day and speaker: the six who said most; NULL is everybody else.
WITH spoken AS (
    SELECT coalesce(q.said_on, CAST(a.published_at AS DATE)) AS day, q.speaker_id
    FROM quotations AS q
    JOIN articles AS a USING (article_id)
    WHERE coalesce(q.stance, 'asserted') IN ('asserted', 'denied')
),
newest AS (
    -- A misprinted year would leave the picture empty.
    SELECT max(day) AS day FROM spoken WHERE day <= current_date + 1
),
recent AS (
    SELECT spoken.* FROM spoken, newest WHERE spoken.day BETWEEN newest.day - 29 AND newest.day
),
foremost AS (
    SELECT speaker_id
    FROM recent
    WHERE speaker_id IS NOT NULL
    GROUP BY speaker_id
    ORDER BY count(*) DESC, speaker_id
    LIMIT 6
)
SELECT r.day, s.name AS speaker, count(*) AS quotations
FROM recent AS r
LEFT JOIN foremost AS f USING (speaker_id)
LEFT JOIN speakers AS s ON s.speaker_id = f.speaker_id
GROUP BY ALL
ORDER BY r.day, speaker NULLS LAST
