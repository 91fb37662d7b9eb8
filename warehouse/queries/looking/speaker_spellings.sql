-- How articles name a speaker beside the words, the commonest first.
SELECT q.mention, count(*) AS times, count(DISTINCT a.outlet) AS outlets
FROM quotations AS q
JOIN articles AS a ON a.article_id = q.article_id
WHERE q.rowid IN (SELECT unnest($places::BIGINT[])) AND q.mention IS NOT NULL
GROUP BY q.mention
ORDER BY times DESC, q.mention
LIMIT 60
