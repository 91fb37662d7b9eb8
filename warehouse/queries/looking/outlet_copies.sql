-- From whom an outlet copies articles, and who copies its own.
SELECT o.outlet, count(*) AS articles, TRUE AS taken, avg(a.duplicate_share) AS share
FROM articles AS a
JOIN articles AS o ON o.article_id = a.duplicate_of
WHERE a.outlet = $outlet
GROUP BY o.outlet
UNION ALL
SELECT c.outlet, count(*), FALSE, avg(c.duplicate_share)
FROM articles AS a
JOIN articles AS c ON c.duplicate_of = a.article_id
WHERE a.outlet = $outlet
GROUP BY c.outlet
ORDER BY taken DESC, articles DESC, outlet
LIMIT 60
