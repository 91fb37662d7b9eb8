-- The largest broad themes, each with the vector of the statement that it grew from.
WITH broad AS (
    SELECT theme_id, label, size, statement_id
    FROM themes
    WHERE parent_id IS NULL
    ORDER BY size DESC, theme_id
    LIMIT 24
)
SELECT b.theme_id, b.label, b.size, arg_max(u.embedding, (m.similarity, q.quotation_id)) AS embedding
FROM broad AS b
JOIN statement_members AS m USING (statement_id)
JOIN quotations AS q USING (quotation_id)
JOIN utterances AS u ON u.utterance_id = q.utterance_id AND u.model = current_model()
GROUP BY b.theme_id, b.label, b.size
ORDER BY b.size DESC, b.theme_id
