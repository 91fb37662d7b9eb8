-- Who speaks in a theme.
SELECT
    q.speaker_id, s.name, s.kind, s.descriptors[1] AS descriptor,
    count(DISTINCT q.statement_id) AS statements, count(DISTINCT q.outlet) AS outlets, max(q.day) AS last_day
FROM theme_members AS m
JOIN said AS q ON q.statement_id = m.statement_id
JOIN speakers AS s ON s.speaker_id = q.speaker_id
WHERE m.theme_id = $theme
GROUP BY ALL
ORDER BY statements DESC, outlets DESC, s.name, q.speaker_id
LIMIT 60
