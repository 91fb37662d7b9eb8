-- Whom an outlet quotes.
WITH here AS (
    SELECT
        CAST(q.speaker AS VARCHAR) AS speaker_id, count(*) AS quotations, count(DISTINCT q.said) AS statements,
        max(q.day) AS last_day
    FROM memory.main.shelved AS q
    WHERE q.outlet = TRY_CAST($outlet AS memory.main.outlet_code) AND q.speaker <> '-'
    GROUP BY q.speaker
    ORDER BY statements DESC, quotations DESC, speaker_id
    LIMIT $most OFFSET $offset
)
SELECT h.speaker_id, s.name, s.kind, s.descriptors[1] AS descriptor, h.quotations, h.statements, h.last_day
FROM here AS h
JOIN speakers AS s ON s.speaker_id = h.speaker_id
ORDER BY h.statements DESC, h.quotations DESC, h.speaker_id
