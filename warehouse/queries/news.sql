-- What the newest generation brought: statements that its run's articles report, the most widely carried first.
WITH fresh AS (
    SELECT DISTINCT m.statement_id
    FROM articles AS a
    JOIN quotations AS q USING (article_id)
    JOIN statement_members AS m USING (quotation_id)
    WHERE a.first_run_id = (SELECT run_id FROM latest_run)
),
reported AS (
    SELECT statement_id, list_sort(list(DISTINCT outlet)) AS outlets, min(day) AS day
    FROM quotes
    WHERE statement_id IN (SELECT statement_id FROM fresh)
    GROUP BY statement_id
)
SELECT s.text AS wording, speakers.name AS speaker, r.day, s.outlets AS carried_by, r.outlets
FROM reported AS r
JOIN statements AS s USING (statement_id)
LEFT JOIN speakers USING (speaker_id)
ORDER BY carried_by DESC, s.quotations DESC, speaker NULLS LAST, s.statement_id
LIMIT 20
