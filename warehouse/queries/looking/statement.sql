-- A statement: what, who, when, by how many.
SELECT
    st.statement_id, st.text AS words, coalesce(st.stance, 'asserted') AS stance, st.outlets, st.quotations, st.first_said,
    st.speaker_id, s.name AS speaker, s.descriptors[1] AS descriptor
FROM statements AS st
LEFT JOIN speakers AS s ON s.speaker_id = st.speaker_id
WHERE st.rowid = $place AND coalesce(st.statement_id = $statement, TRUE)
