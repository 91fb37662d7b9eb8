-- Statements in a list, by their places, in their order.
WITH wanted AS (
    SELECT unnest($places::BIGINT[]) AS place, generate_subscripts($places::BIGINT[], 1) AS number
)
SELECT
    st.statement_id, st.text AS words, coalesce(st.stance, 'asserted') AS stance, CAST(st.first_said AS DATE) AS day,
    st.outlets, st.quotations, s.name AS speaker, st.speaker_id
FROM wanted AS w
JOIN (SELECT *, rowid AS place FROM statements WHERE rowid IN (SELECT unnest($places::BIGINT[]))) AS st ON st.place = w.place
LEFT JOIN speakers AS s ON s.speaker_id = st.speaker_id
ORDER BY w.number
