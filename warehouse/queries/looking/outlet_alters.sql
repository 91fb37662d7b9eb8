-- Of quotations by their places, those that print otherwise what others carry too: those with most changes first.
WITH here AS MATERIALIZED (
    SELECT q.quotation_id, q.content, q.in_headline, q.said_on, q.article_id
    FROM quotations AS q
    WHERE q.rowid IN (SELECT unnest($places::BIGINT[]))
),
changed AS (
    SELECT v.quotation_id, v.statement_id, count(*) FILTER (WHERE v.kind <> 'cut') AS put, count(*) AS changes
    FROM variant_changes AS v
    WHERE v.quotation_id IN (SELECT h.quotation_id FROM here AS h)
    GROUP BY v.quotation_id, v.statement_id
    ORDER BY put DESC, changes DESC, v.quotation_id
    LIMIT 30
)
SELECT
    c.statement_id, c.quotation_id, s.name AS speaker, st.text AS statement, h.content AS words, h.in_headline,
    coalesce(h.said_on, CAST(a.published_at + to_minutes(coalesce(a.published_offset, 0)) AS DATE)) AS day
FROM changed AS c
JOIN here AS h ON h.quotation_id = c.quotation_id
JOIN articles AS a ON a.article_id = h.article_id
JOIN statements AS st ON st.statement_id = c.statement_id
LEFT JOIN speakers AS s ON s.speaker_id = st.speaker_id
ORDER BY c.put DESC, c.changes DESC, c.quotation_id
