-- What quotations quote in turn (`inner`), and those that they stand in, by their places: a statement or quotation each.
WITH found AS (
    SELECT unnest($places::BIGINT[]) AS place, unnest($inner::BOOLEAN[]) AS inner
)
SELECT
    arg_min(q.quotation_id, q.quotation_id) AS quotation_id,
    arg_min(q.content, q.quotation_id) AS words,
    s.name AS speaker, q.speaker_id, m.statement_id, f.inner
FROM found AS f
JOIN (SELECT *, rowid AS place FROM quotations WHERE rowid IN (SELECT unnest($places::BIGINT[]))) AS q ON q.place = f.place
LEFT JOIN statement_members AS m ON m.quotation_id = q.quotation_id
LEFT JOIN speakers AS s ON s.speaker_id = q.speaker_id
GROUP BY s.name, q.speaker_id, m.statement_id, coalesce(m.statement_id, q.quotation_id), f.inner
ORDER BY f.inner, min(q.start), words
LIMIT 50
