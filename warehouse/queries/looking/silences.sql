-- Who did not say or would not answer what, the newest first.
WITH wanted AS MATERIALIZED (
    SELECT q.place, q.day
    FROM memory.main.shelf AS q
    WHERE q.stance = 'unsaid' AND NOT q.copied
    ORDER BY q.day DESC NULLS LAST, q.id
    LIMIT $most OFFSET $offset
)
SELECT
    p.content AS words, substr(a.text, p.stance_start + 1, p.stance_end - p.stance_start) AS told_by, w.day,
    a.outlet, a.title, p.quotation_id, p.stance, coalesce(s.name, p.mention) AS speaker, p.speaker_id
FROM wanted AS w
JOIN quotations AS p ON p.rowid = w.place
JOIN articles AS a ON a.article_id = p.article_id
LEFT JOIN speakers AS s ON s.speaker_id = p.speaker_id
ORDER BY w.day DESC NULLS LAST, p.quotation_id
