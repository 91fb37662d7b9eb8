-- A page of a theme's statements, the most carried first, or the newest first.
SELECT
    st.statement_id, st.text AS words, coalesce(st.stance, 'asserted') AS stance, CAST(st.first_said AS DATE) AS day,
    st.outlets, st.quotations, s.name AS speaker, st.speaker_id
FROM theme_members AS m
JOIN statements AS st ON st.statement_id = m.statement_id
LEFT JOIN speakers AS s ON s.speaker_id = st.speaker_id
WHERE m.theme_id = $theme AND st.quotations > 0
ORDER BY
    if($newest, NULL, st.outlets) DESC NULLS LAST,
    if($newest, NULL, st.quotations) DESC NULLS LAST,
    st.first_said DESC NULLS LAST,
    st.statement_id
LIMIT $most OFFSET $offset
