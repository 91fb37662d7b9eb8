-- What a speaker said, by day and broad theme: quotations, those of copies left out.
WITH narrow AS (
    SELECT q.quotation_id, q.day, q.statement_id
    FROM said AS q
    WHERE q.speaker_id = $speaker AND q.copy_of IS NULL AND q.day IS NOT NULL
),
broad AS (
    SELECT m.statement_id, arg_max(t.theme_id, m.similarity) AS theme_id
    FROM theme_members AS m
    JOIN themes AS t ON t.theme_id = m.theme_id
    WHERE t.parent_id IS NULL AND m.statement_id IN (SELECT n.statement_id FROM narrow AS n)
    GROUP BY m.statement_id
)
SELECT n.day, t.label AS name, count(*) AS quotations
FROM narrow AS n
LEFT JOIN broad AS b ON b.statement_id = n.statement_id
LEFT JOIN themes AS t ON t.theme_id = b.theme_id
GROUP BY n.day, t.theme_id, t.label
ORDER BY n.day, name NULLS LAST
