-- What an outlet prints otherwise of what somebody said in marks and others carry too: those with most changes first.
WITH changed AS (
    SELECT v.quotation_id, v.statement_id, count(*) FILTER (WHERE v.kind <> 'cut') AS put, count(*) AS changes
    FROM said AS q
    JOIN variant_changes AS v ON v.quotation_id = q.quotation_id
    JOIN statements AS st ON st.statement_id = v.statement_id
    WHERE q.outlet = $outlet AND q.type = 'direct' AND st.outlets > 1
    GROUP BY v.quotation_id, v.statement_id
    ORDER BY put DESC, changes DESC, v.quotation_id
    LIMIT 30
)
SELECT
    c.statement_id, c.quotation_id, s.name AS speaker, st.text AS statement, q.content AS words, q.in_headline,
    coalesce(q.said_on, CAST(a.published_at AS DATE)) AS day
FROM changed AS c
JOIN quotations AS q ON q.quotation_id = c.quotation_id
JOIN articles AS a ON a.article_id = q.article_id
JOIN statements AS st ON st.statement_id = c.statement_id
LEFT JOIN speakers AS s ON s.speaker_id = st.speaker_id
ORDER BY c.put DESC, c.changes DESC, c.quotation_id
