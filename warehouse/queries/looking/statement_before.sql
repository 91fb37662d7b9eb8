-- Statements by their places, each with the likeness that is told of it.
SELECT
    st.statement_id, st.text AS words, coalesce(st.stance, 'asserted') AS stance, CAST(st.first_said AS DATE) AS day,
    st.outlets, w.likeness
FROM (SELECT unnest($places::BIGINT[]) AS place, unnest($scores::DOUBLE[]) AS likeness) AS w
JOIN (SELECT *, rowid AS place FROM statements WHERE rowid IN (SELECT unnest($places::BIGINT[]))) AS st ON st.place = w.place
WHERE st.quotations > 0
ORDER BY w.likeness DESC, st.statement_id
