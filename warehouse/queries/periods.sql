-- Quotations by time and speaker: the six who said most; NULL is everybody else. The time is a day, week, month or year,
-- by the span of the record: up to so many days it is told in days, weeks, months.
WITH spoken AS (
    SELECT coalesce(q.said_on, CAST(a.published_at + to_minutes(coalesce(a.published_offset, 0)) AS DATE)) AS day, q.speaker_id
    FROM quotations AS q
    JOIN articles AS a USING (article_id)
    WHERE coalesce(q.stance, 'asserted') IN ('asserted', 'denied')
),
span AS (
    -- A misprinted year, or an old speech that one article quotes, would leave the picture empty.
    SELECT quantile_disc(day, 0.01) AS first, max(day) AS newest
    FROM spoken
    WHERE day <= current_date + 1
),
scale AS (
    SELECT
        first, newest,
        CASE
            WHEN newest - first <= $day THEN 'day'
            WHEN newest - first <= $week THEN 'week'
            WHEN newest - first <= $month THEN 'month'
            ELSE 'year'
        END AS unit
    FROM span
),
shown AS (
    SELECT unit, CAST(date_trunc(unit, day) AS DATE) AS begins, speaker_id
    FROM spoken, scale
    WHERE day BETWEEN first AND newest
),
foremost AS (
    SELECT speaker_id
    FROM shown
    WHERE speaker_id IS NOT NULL
    GROUP BY speaker_id
    ORDER BY count(*) DESC, speaker_id
    LIMIT 6
)
SELECT r.unit, r.begins, s.name AS speaker, count(*) AS quotations
FROM shown AS r
LEFT JOIN foremost AS f USING (speaker_id)
LEFT JOIN speakers AS s ON s.speaker_id = f.speaker_id
GROUP BY ALL
ORDER BY r.begins, speaker NULLS LAST
