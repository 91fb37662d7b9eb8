-- A page of a speaker's statements, the most carried first, or the newest first.
SELECT
    st.statement_id, st.text AS words, coalesce(st.stance, 'asserted') AS stance, CAST(st.first_said AS DATE) AS day,
    st.outlets, st.quotations, NULL AS speaker, NULL AS speaker_id
FROM statements AS st
WHERE st.speaker_id = $speaker AND st.quotations > 0
    AND hash(CAST(st.statement_id AS UUID)) IN (
        SELECT q.said FROM memory.main.shelved AS q
        WHERE q.speaker = TRY_CAST($speaker AS memory.main.speaker_code)
    )
ORDER BY
    if($newest, NULL, st.outlets) DESC NULLS LAST,
    if($newest, NULL, st.quotations) DESC NULLS LAST,
    st.first_said DESC NULLS LAST,
    st.statement_id
LIMIT $most OFFSET $offset
