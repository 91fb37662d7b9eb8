-- How many quotations each run brought (whole) and how many of them without a name (part), the oldest first.
SELECT a.first_run_id, count(*) FILTER (WHERE q.name IS NULL) AS part, count(*) AS whole
FROM quotations AS q
JOIN articles AS a ON a.article_id = q.article_id
GROUP BY a.first_run_id
ORDER BY a.first_run_id
