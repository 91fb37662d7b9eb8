-- A statement: what, who, when, by how many; whether anything reports it, or it was merged into another.
SELECT
    st.statement_id, st.text AS words, coalesce(st.stance, 'asserted') AS stance, st.outlets, st.quotations, st.first_said,
    st.speaker_id, s.name AS speaker, s.descriptors[1] AS descriptor,
    EXISTS (SELECT 1 FROM statement_members AS m WHERE m.statement_id = $statement) AS stands,
    (SELECT arg_max_null(v.into_id, v.run_id) FROM statement_moves AS v WHERE v.statement_id = $statement) AS into_id
FROM statements AS st
LEFT JOIN speakers AS s ON s.speaker_id = st.speaker_id
WHERE st.statement_id = $statement
