-- The vector of a statement's fullest wording.
SELECT arg_max(u.embedding, (m.similarity, m.quotation_id)) AS vector
FROM statement_members AS m
JOIN quotations AS q ON q.quotation_id = m.quotation_id
JOIN utterances AS u ON u.utterance_id = q.utterance_id
WHERE m.statement_id = $statement AND u.model = current_model()
