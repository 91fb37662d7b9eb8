-- Who is quoted most: distinct statements, then outlets. An article whose outlet nobody knows is one of its own, as in
-- statements.outlets.
SELECT speakers.name AS speaker, speakers.kind, count(DISTINCT statement_id) AS statements,
    count(DISTINCT quotation_id) FILTER (articles.duplicate_of IS NULL) AS quotations,
    count(DISTINCT coalesce(articles.outlet, articles.article_id)) AS outlets,
    speakers.aliases
FROM quotations
JOIN speakers USING (speaker_id)
JOIN articles USING (article_id)
LEFT JOIN statement_members USING (quotation_id)
WHERE coalesce(quotations.stance, 'asserted') IN ('asserted', 'denied')
    AND NOT EXISTS (SELECT 1 FROM articles AS newer WHERE newer.supersedes = articles.article_id)
GROUP BY ALL
ORDER BY statements DESC, quotations DESC, speaker
LIMIT 8
