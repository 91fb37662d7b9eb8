-- Who speaks in what was picked.
WITH counted AS (
    SELECT
        q.speaker, count(DISTINCT q.said) AS statements, count(DISTINCT q.carrier) AS outlets, max(q.day) AS last_day
    FROM picked AS q
    WHERE q.speaker IS NOT NULL
    GROUP BY q.speaker
    ORDER BY statements DESC, outlets DESC, q.speaker
    LIMIT 60
)
SELECT s.speaker_id, s.name, s.kind, s.descriptors[1] AS descriptor, c.statements, c.outlets, c.last_day
FROM counted AS c
JOIN speakers AS s ON s.rowid = c.speaker
ORDER BY c.statements DESC, c.outlets DESC, s.name, s.speaker_id
