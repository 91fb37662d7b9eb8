-- What the newest generation brought: statements that its run's articles report, the most widely carried first.
WITH fresh AS MATERIALIZED (
    SELECT DISTINCT m.statement_id
    FROM (SELECT article_id FROM articles WHERE first_run_id = (SELECT run_id FROM latest_run)) AS a
    JOIN quotations AS q USING (article_id)
    JOIN statement_members AS m USING (quotation_id)
),
foremost AS MATERIALIZED (
    SELECT s.statement_id, s.outlets, s.quotations
    FROM statements AS s
    SEMI JOIN fresh USING (statement_id)
    ORDER BY s.outlets DESC, s.quotations DESC, s.statement_id
    LIMIT 20
),
told AS MATERIALIZED (
    SELECT f.*, q.article_id, q.said_on
    FROM foremost AS f
    JOIN statement_members AS m USING (statement_id)
    JOIN quotations AS q USING (quotation_id)
)
SELECT
    if(s.stance = 'denied', 'denies: ', '') || s.text AS wording,
    any_value(speakers.name) AS speaker,
    min(coalesce(t.said_on, CAST(a.published_at + to_minutes(coalesce(a.published_offset, 0)) AS DATE))) AS day,
    t.outlets AS carried_by,
    list_sort(list(DISTINCT c.outlet)) AS outlets
FROM told AS t
JOIN statements AS s USING (statement_id)
JOIN carriers AS c ON c.article_id = t.article_id
JOIN articles AS a ON a.article_id = c.carrier_id
LEFT JOIN speakers ON speakers.speaker_id = s.speaker_id
GROUP BY t.statement_id, s.stance, s.text, t.outlets, t.quotations
ORDER BY carried_by DESC, t.quotations DESC, t.statement_id
