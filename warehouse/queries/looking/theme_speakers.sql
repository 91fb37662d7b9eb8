-- Who speaks in a theme.
WITH counted AS (
    SELECT
        CAST(q.speaker AS VARCHAR) AS speaker_id, count(DISTINCT q.said) AS statements,
        count(DISTINCT q.outlet) AS outlets, max(q.day) AS last_day
    FROM memory.main.shelved AS q
    WHERE q.said IN (SELECT hash(CAST(m.statement_id AS UUID)) FROM theme_members AS m WHERE m.theme_id = $theme) AND q.speaker <> '-'
    GROUP BY q.speaker
    ORDER BY statements DESC, outlets DESC, speaker_id
    LIMIT 60
)
SELECT c.speaker_id, s.name, s.kind, s.descriptors[1] AS descriptor, c.statements, c.outlets, c.last_day
FROM counted AS c
JOIN speakers AS s ON s.speaker_id = c.speaker_id
ORDER BY c.statements DESC, c.outlets DESC, s.name, c.speaker_id
