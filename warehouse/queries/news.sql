-- What the newest generation brought: statements that its run's articles report, the most widely carried first.
WITH fresh AS (
    SELECT DISTINCT m.statement_id
    FROM articles AS a
    JOIN quotations AS q USING (article_id)
    JOIN statement_members AS m USING (quotation_id)
    WHERE a.first_run_id = (SELECT run_id FROM latest_run)
),
foremost AS (
    SELECT s.*
    FROM statements AS s
    JOIN fresh USING (statement_id)
    ORDER BY s.outlets DESC, s.quotations DESC, s.statement_id
    LIMIT 20
)
SELECT
    if(f.stance = 'denied', 'denies: ', '') || f.text AS wording,
    any_value(speakers.name) AS speaker,
    min(coalesce(q.said_on, CAST(a.published_at + to_minutes(coalesce(a.published_offset, 0)) AS DATE))) AS day,
    f.outlets AS carried_by,
    list_sort(list(DISTINCT c.outlet)) AS outlets
FROM foremost AS f
JOIN statement_members AS m USING (statement_id)
JOIN quotations AS q USING (quotation_id)
JOIN carriers AS c ON c.article_id = q.article_id
JOIN articles AS a ON a.article_id = c.carrier_id
LEFT JOIN speakers ON speakers.speaker_id = f.speaker_id
GROUP BY f.statement_id, f.stance, f.text, f.outlets, f.quotations
ORDER BY carried_by DESC, f.quotations DESC, f.statement_id
