-- Whom an outlet quotes, of what was picked.
WITH here AS (
    SELECT q.speaker, count(*) AS quotations, count(DISTINCT q.said) AS statements, max(q.day) AS last_day
    FROM picked AS q
    WHERE q.speaker IS NOT NULL
    GROUP BY q.speaker
    ORDER BY statements DESC, quotations DESC, q.speaker
    LIMIT $most OFFSET $offset
)
SELECT s.speaker_id, s.name, s.kind, s.descriptors[1] AS descriptor, h.quotations, h.statements, h.last_day
FROM here AS h
JOIN speakers AS s ON s.rowid = h.speaker
ORDER BY h.statements DESC, h.quotations DESC, h.speaker
