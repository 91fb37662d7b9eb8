-- What the same speaker said on this at other times: their statements nearest in meaning to one, without its repeats.
WITH model AS (
    SELECT current_model() AS name
),
meant AS (
    SELECT arg_max(u.embedding, (m.similarity, m.quotation_id)) AS vector
    FROM statement_members AS m
    JOIN quotations AS q ON q.quotation_id = m.quotation_id
    JOIN utterances AS u ON u.utterance_id = q.utterance_id
    WHERE m.statement_id = $statement AND u.model = (SELECT name FROM model)
),
theirs AS (
    SELECT st.statement_id, arg_max(q.utterance_id, (m.similarity, m.quotation_id)) AS utterance_id
    FROM statements AS st
    JOIN statement_members AS m ON m.statement_id = st.statement_id
    JOIN quotations AS q ON q.quotation_id = m.quotation_id
    WHERE st.speaker_id = $speaker AND st.statement_id <> $statement AND st.quotations > 0
    GROUP BY st.statement_id
),
near AS (
    SELECT t.statement_id, list_inner_product(u.embedding, CAST(m.vector AS FLOAT[])) AS likeness
    FROM theirs AS t
    JOIN utterances AS u ON u.utterance_id = t.utterance_id
    CROSS JOIN meant AS m
    WHERE u.model = (SELECT name FROM model) AND len(u.embedding) = len(m.vector)
    ORDER BY likeness DESC, t.statement_id
    LIMIT 60
)
SELECT
    n.statement_id, st.text AS words, coalesce(st.stance, 'asserted') AS stance, CAST(st.first_said AS DATE) AS day,
    st.outlets, n.likeness
FROM near AS n
JOIN statements AS st ON st.statement_id = n.statement_id
WHERE n.likeness >= $least
ORDER BY n.likeness DESC, n.statement_id
