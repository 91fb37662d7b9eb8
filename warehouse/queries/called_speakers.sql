-- The speakers whom a name means, the most quoted first. Copies and superseded versions of articles do not count again.
SELECT
    s.name AS speaker, s.kind, s.aliases, s.descriptors, s.first_seen, s.last_seen,
    count(DISTINCT q.statement_id) AS statements,
    count(DISTINCT q.quotation_id) FILTER (WHERE q.copy_of IS NULL) AS quotations,
    count(DISTINCT coalesce(q.outlet, q.article_id)) AS outlets,
    s.speaker_id
FROM speakers AS s
LEFT JOIN quotes AS q ON q.speaker_id = s.speaker_id
WHERE s.speaker_id IN (SELECT c.speaker_id FROM called(CAST($speaker AS VARCHAR)) AS c)
GROUP BY ALL
ORDER BY statements DESC, quotations DESC, speaker, s.speaker_id
