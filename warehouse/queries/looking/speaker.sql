-- A speaker, and how much is theirs: copies of articles do not count again.
SELECT
    s.speaker_id, s.name, s.kind, s.aliases, s.descriptors, s.first_seen, s.last_seen, s.same_as,
    count(DISTINCT q.statement_id) AS statements,
    count(q.quotation_id) FILTER (WHERE q.copy_of IS NULL) AS quotations,
    count(DISTINCT coalesce(q.outlet, q.article_id)) AS outlets,
    min(q.day) AS first_day,
    max(q.day) AS last_day
FROM speakers AS s
LEFT JOIN said AS q ON q.speaker_id = s.speaker_id
WHERE s.speaker_id = $speaker
GROUP BY ALL
