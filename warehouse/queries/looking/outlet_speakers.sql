-- Whom an outlet quotes, with the share of all quotations of that speaker that are this outlet's.
WITH here AS (
    SELECT q.speaker_id, count(*) AS quotations, count(DISTINCT q.statement_id) AS statements, max(q.day) AS last_day
    FROM said AS q
    WHERE q.outlet = $outlet AND q.speaker_id IS NOT NULL
    GROUP BY q.speaker_id
    ORDER BY statements DESC, quotations DESC, q.speaker_id
    LIMIT $most OFFSET $offset
)
SELECT h.speaker_id, s.name, s.kind, s.descriptors[1] AS descriptor, h.quotations, h.statements, h.last_day
FROM here AS h
JOIN speakers AS s ON s.speaker_id = h.speaker_id
ORDER BY h.statements DESC, h.quotations DESC, h.speaker_id
