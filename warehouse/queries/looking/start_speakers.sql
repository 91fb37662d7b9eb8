-- Who is quoted most: distinct statements, then outlets.
SELECT
    p.speaker_id, p.name, p.kind, p.descriptors[1] AS role,
    count(DISTINCT q.statement_id) AS statements,
    count(DISTINCT coalesce(q.outlet, q.article_id)) AS outlets
FROM said AS q
JOIN speakers AS p ON p.speaker_id = q.speaker_id
GROUP BY ALL
ORDER BY statements DESC, outlets DESC, p.name, p.speaker_id
LIMIT 12
