-- Quotations of the thirty days up to the newest, by day and speaker: the six who said most; NULL is everybody else.
WITH spoken AS (
    SELECT day, speaker_id, speaker
    FROM quotes
    -- A misprinted year would leave the picture empty.
    WHERE day <= current_date + 1
),
recent AS (
    SELECT * FROM spoken WHERE day > (SELECT max(day) FROM spoken) - 30
),
foremost AS (
    SELECT speaker_id
    FROM recent
    WHERE speaker_id IS NOT NULL
    GROUP BY speaker_id
    ORDER BY count(*) DESC, speaker_id
    LIMIT 6
)
SELECT day, if(speaker_id IN (FROM foremost), speaker, NULL) AS speaker, count(*) AS quotations
FROM recent
GROUP BY ALL
ORDER BY day, speaker NULLS LAST
