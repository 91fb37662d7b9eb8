-- A speaker, and how much is theirs of what was picked: copies of articles do not count again.
SELECT
    s.speaker_id, s.name, s.kind, s.aliases, s.descriptors, s.first_seen, s.last_seen, s.same_as,
    c.statements, c.quotations, c.outlets, c.first_day, c.last_day
FROM speakers AS s
CROSS JOIN (
    SELECT
        count(DISTINCT q.said) AS statements,
        count(*) FILTER (WHERE NOT q.copied) AS quotations,
        count(DISTINCT q.carrier) AS outlets,
        min(q.day) AS first_day,
        max(q.day) AS last_day
    FROM picked AS q
) AS c
WHERE s.rowid = $place AND s.speaker_id = $speaker
