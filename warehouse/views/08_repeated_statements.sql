-- A phrase that its speaker says again and again: one row a time, the first time included. Each time is a statement of
-- its own, because it is another act of speech.
-- repeats_id: The statement that said it first
-- phrase: Its representative wording
-- speaker: Who says it
-- time: Which time it is, in order of the days, from 1
-- times: How many times there are
-- day: The day it was said, where the text tells it, else first published
-- statement_id: The statement of this time
-- statement: Its representative wording
-- similarity: Likeness to the first one's wording, 0 to 1
-- outlets: How many outlets report it this time
CREATE VIEW repeated_statements AS
WITH said AS (
    SELECT statement_id, repeats_id, similarity FROM statement_repeats
    UNION ALL
    SELECT DISTINCT repeats_id, repeats_id, 1.0 FROM statement_repeats
)
SELECT
    r.repeats_id,
    if(f.stance = 'denied', 'denies: ', '') || f.text AS phrase,
    s.name AS speaker,
    row_number() OVER (
        PARTITION BY r.repeats_id
        ORDER BY r.statement_id <> r.repeats_id, st.first_said NULLS LAST, r.statement_id
    ) AS time,
    count(*) OVER (PARTITION BY r.repeats_id) AS times,
    CAST(st.first_said AS DATE) AS day,
    r.statement_id,
    if(st.stance = 'denied', 'denies: ', '') || st.text AS statement,
    r.similarity,
    st.outlets
FROM said AS r
JOIN statements AS st ON st.statement_id = r.statement_id
JOIN statements AS f ON f.statement_id = r.repeats_id
LEFT JOIN speakers AS s ON s.speaker_id = f.speaker_id;
