-- What is shown of quotations by the places of theirs, of their articles and of their statements, with the words around each:
-- a share of the article's text on both sides. By places only the few blocks are read that hold them.
WITH wanted AS (
    SELECT
        unnest($places) AS place, unnest($articles) AS article, unnest($statements) AS statement,
        generate_subscripts($places, 1) AS number
)
SELECT
    q.quotation_id,
    s.statement_id,
    q.content AS words,
    substr(a.text, greatest(q.start - $around, 0) + 1, least(q.start, $around)) AS before,
    substr(a.text, q.start + 1, q."end" - q.start) AS text,
    substr(a.text, q."end" + 1, $around) AS after,
    coalesce(q.stance, 'asserted') AS stance,
    q.type,
    q.confidence,
    q.confidence < coalesce(CAST(least.value AS DOUBLE), 0.0) AS unsure,
    p.name AS speaker,
    q.speaker_id,
    q.mention,
    p.descriptors[1] AS role,
    q.cue,
    coalesce(q.said_on, CAST(a.published_at + to_minutes(coalesce(a.published_offset, 0)) AS DATE)) AS day,
    a.published_at,
    a.outlet,
    a.title,
    a.author,
    a.url,
    coalesce(a.url, a.source) AS link,
    a.language,
    q.article_id,
    coalesce(s.outlets, 1) AS outlets,
    coalesce(s.quotations, 1) AS quotations
FROM wanted AS w
JOIN (SELECT *, rowid AS own_place FROM quotations WHERE rowid IN (SELECT unnest($places))) AS q
    ON q.own_place = w.place
JOIN (SELECT *, rowid AS own_place FROM articles WHERE rowid IN (SELECT unnest($articles))) AS a
    ON a.own_place = w.article
LEFT JOIN (SELECT *, rowid AS own_place FROM statements WHERE rowid IN (SELECT unnest($statements))) AS s
    ON s.own_place = w.statement
LEFT JOIN speakers AS p ON p.speaker_id = q.speaker_id
LEFT JOIN meta AS least ON least.key = 'confidence ' || q.type
ORDER BY w.number
