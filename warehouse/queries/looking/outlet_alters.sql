-- What an outlet prints otherwise of what somebody said in marks and others carry too: those with most changes first.
WITH here AS MATERIALIZED (
    SELECT replace(CAST(q.id AS VARCHAR), '-', '') AS quotation_id
    FROM memory.main.shelved AS q
    WHERE q.outlet = TRY_CAST($outlet AS memory.main.outlet_code)
        AND q.type = 'direct' AND q.outlets > 1 AND q.difference <> 'same'
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
    c.statement_id, c.quotation_id, s.name AS speaker, st.text AS statement, q.content AS words, q.in_headline,
    coalesce(q.said_on, CAST(a.published_at AS DATE)) AS day
FROM changed AS c
JOIN quotations AS q ON q.quotation_id = c.quotation_id
JOIN articles AS a ON a.article_id = q.article_id
JOIN statements AS st ON st.statement_id = c.statement_id
LEFT JOIN speakers AS s ON s.speaker_id = st.speaker_id
ORDER BY c.put DESC, c.changes DESC, c.quotation_id
