-- What the reports of a statement quote in turn, and the quotations that they stand in: a statement or quotation each.
WITH members AS (
    SELECT m.quotation_id, q.nested_in
    FROM statement_members AS m
    JOIN quotations AS q ON q.quotation_id = m.quotation_id
    WHERE m.statement_id = $statement
),
found AS (
    SELECT q.quotation_id, TRUE AS inner FROM quotations AS q WHERE q.nested_in IN (SELECT quotation_id FROM members)
    UNION
    SELECT n.nested_in, FALSE FROM members AS n WHERE n.nested_in IS NOT NULL
)
SELECT
    arg_min(q.quotation_id, q.quotation_id) AS quotation_id,
    arg_min(q.content, q.quotation_id) AS words,
    s.name AS speaker, q.speaker_id, m.statement_id, f.inner
FROM found AS f
JOIN quotations AS q ON q.quotation_id = f.quotation_id
LEFT JOIN statement_members AS m ON m.quotation_id = q.quotation_id
LEFT JOIN speakers AS s ON s.speaker_id = q.speaker_id
WHERE m.statement_id IS DISTINCT FROM $statement
GROUP BY s.name, q.speaker_id, m.statement_id, coalesce(m.statement_id, q.quotation_id), f.inner
ORDER BY f.inner, words
LIMIT 50
