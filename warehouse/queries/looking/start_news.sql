-- Statements that the newest generation's articles report: the most widely carried first.
WITH fresh AS (
    SELECT DISTINCT m.statement_id
    FROM articles AS a
    JOIN quotations AS q ON q.article_id = a.article_id
    JOIN statement_members AS m ON m.quotation_id = q.quotation_id
    WHERE a.first_run_id = (SELECT run_id FROM latest_run)
)
SELECT
    s.statement_id,
    s.text AS words,
    coalesce(s.stance, 'asserted') AS stance,
    CAST(s.first_said AS DATE) AS day,
    s.outlets,
    s.quotations,
    p.name AS speaker,
    s.speaker_id
FROM statements AS s
JOIN fresh AS f ON f.statement_id = s.statement_id
LEFT JOIN speakers AS p ON p.speaker_id = s.speaker_id
WHERE s.quotations > 0
ORDER BY s.outlets DESC, s.quotations DESC, s.first_said DESC NULLS LAST, s.statement_id
LIMIT 8
