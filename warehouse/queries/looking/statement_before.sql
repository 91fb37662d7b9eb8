-- The statements of a speaker in some wordings, told by their places, with what they are.
WITH near AS (
    SELECT unnest($places::BIGINT[]) AS wording, unnest($scores::DOUBLE[]) AS likeness
),
found AS MATERIALIZED (
    SELECT arg_max(q.place, n.likeness) AS place, max(n.likeness) AS likeness
    FROM memory.main.shelved AS q
    JOIN near AS n ON n.wording = q.wording
    WHERE q.speaker = TRY_CAST($speaker AS memory.main.speaker_code)
    GROUP BY q.said
)
SELECT
    st.statement_id, st.text AS words, coalesce(st.stance, 'asserted') AS stance, CAST(st.first_said AS DATE) AS day,
    st.outlets, f.likeness
FROM found AS f
JOIN quotations AS p ON p.rowid = f.place
JOIN statement_members AS m ON m.quotation_id = p.quotation_id
JOIN statements AS st ON st.statement_id = m.statement_id
WHERE st.quotations > 0 AND st.statement_id <> $statement
ORDER BY f.likeness DESC, st.statement_id
LIMIT 60
