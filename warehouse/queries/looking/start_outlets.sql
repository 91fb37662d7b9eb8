-- Outlets by how much they quote, what they copied included.
SELECT
    outlet,
    count(DISTINCT article_id) AS articles,
    count(*) AS quotations,
    count(DISTINCT speaker_id) AS speakers
FROM said
WHERE outlet IS NOT NULL
GROUP BY outlet
ORDER BY quotations DESC, outlet
LIMIT 12
