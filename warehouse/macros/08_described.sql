-- described(hits): what a person can use of each quotation of a list of {quotation_id, score}, the best first: words,
-- speaker, day, outlet and link, as the view quotes has them. That view makes them for the whole record, whichever few
-- are asked for, and takes three times as long.
CREATE MACRO described(hits) AS TABLE
WITH hit AS (
    SELECT unnest(hits, recursive := true)
),
member AS (
    SELECT m.quotation_id, m.statement_id
    FROM statement_members AS m
    WHERE m.quotation_id IN (SELECT h.quotation_id FROM hit AS h)
),
themed AS (
    SELECT tm.statement_id, arg_max(t.label, tm.similarity + if(t.parent_id IS NOT NULL, 2, 0)) AS theme
    FROM theme_members AS tm
    JOIN themes AS t ON t.theme_id = tm.theme_id
    WHERE tm.statement_id IN (SELECT m.statement_id FROM member AS m)
    GROUP BY tm.statement_id
)
SELECT
    h.quotation_id,
    h.score,
    if(q.stance = 'denied', 'denies: ', '') || q.content AS words,
    s.name AS speaker,
    coalesce(q.said_on, CAST(a.published_at + to_minutes(coalesce(a.published_offset, 0)) AS DATE)) AS day,
    a.outlet,
    a.title,
    coalesce(a.url, a.source) AS link,
    m.statement_id,
    t.theme
FROM hit AS h
JOIN quotations AS q ON q.quotation_id = h.quotation_id
JOIN articles AS a ON a.article_id = q.article_id
LEFT JOIN speakers AS s ON s.speaker_id = q.speaker_id
LEFT JOIN member AS m ON m.quotation_id = q.quotation_id
LEFT JOIN themed AS t ON t.statement_id = m.statement_id
ORDER BY h.score DESC, h.quotation_id;
