-- What was not said, not answered or denied, by the places of the quotations, with the words that tell so, in their order.
WITH wanted AS (
    SELECT unnest($places::BIGINT[]) AS place, generate_subscripts($places::BIGINT[], 1) AS number
)
SELECT
    p.content AS words, substr(a.text, p.stance_start + 1, p.stance_end - p.stance_start) AS told_by,
    coalesce(p.said_on, CAST(a.published_at + to_minutes(coalesce(a.published_offset, 0)) AS DATE)) AS day,
    a.outlet, a.title, p.quotation_id, p.stance, coalesce(s.name, p.mention) AS speaker, p.speaker_id
FROM wanted AS w
JOIN (SELECT *, rowid AS place FROM quotations WHERE rowid IN (SELECT unnest($places::BIGINT[]))) AS p ON p.place = w.place
JOIN (SELECT *, rowid AS place FROM articles WHERE rowid IN (SELECT unnest($articles::BIGINT[]))) AS a
    ON a.article_id = p.article_id
LEFT JOIN speakers AS s ON s.speaker_id = p.speaker_id
ORDER BY w.number
