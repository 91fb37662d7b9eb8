-- The outlets' shares of what was picked.
SELECT
    q.outlet, count(*) AS quotations, count(DISTINCT q.said) AS statements, count(*) / sum(count(*)) OVER () AS share
FROM picked AS q
WHERE q.outlet IS NOT NULL
GROUP BY q.outlet
ORDER BY quotations DESC, q.outlet
LIMIT 100
