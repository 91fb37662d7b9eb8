-- What is shown of quotations by their places, with the words around each: a share of the article's text on both sides.
WITH wanted AS (
    SELECT unnest($places) AS place, generate_subscripts($places, 1) AS number
),
told AS (
    SELECT w.number, q.*
    FROM wanted AS w
    JOIN quotations AS q ON q.rowid = w.place
    WHERE q.rowid IN (SELECT unnest($places))
)
SELECT
    q.quotation_id,
    m.statement_id,
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
    coalesce(q.said_on, CAST(a.published_at AS DATE)) AS day,
    a.published_at,
    a.outlet,
    a.title,
    a.author,
    a.url,
    coalesce(a.url, a.source) AS link,
    a.language,
    q.article_id,
    coalesce(s.outlets, 1) AS outlets,
    coalesce(s.quotations, 1) AS quotations,
    m.difference
FROM told AS q
JOIN articles AS a ON a.article_id = q.article_id
LEFT JOIN (FROM statement_members WHERE quotation_id IN (SELECT t.quotation_id FROM told AS t)) AS m ON m.quotation_id = q.quotation_id
LEFT JOIN statements AS s ON s.statement_id = m.statement_id
LEFT JOIN speakers AS p ON p.speaker_id = q.speaker_id
LEFT JOIN meta AS least ON least.key = 'confidence ' || q.type
ORDER BY q.number
