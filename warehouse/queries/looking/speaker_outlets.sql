-- Every outlet with how often it quotes a speaker, from never on: shares are of all that it quotes.
WITH there AS (
    SELECT a.outlet, count(*) AS articles
    FROM articles AS a
    WHERE a.outlet IS NOT NULL AND NOT EXISTS (SELECT 1 FROM articles AS n WHERE n.supersedes = a.article_id)
    GROUP BY a.outlet
),
theirs AS (
    SELECT
        q.outlet,
        count(*) AS quotations,
        count(DISTINCT q.said) AS statements,
        count(*) FILTER (WHERE q.difference <> 'same') AS altered,
        max(q.day) AS last_day
    FROM picked AS q
    GROUP BY q.outlet
)
SELECT
    o.outlet, o.articles, coalesce(t.quotations, 0) AS quotations, coalesce(t.statements, 0) AS statements,
    coalesce(t.altered, 0) AS altered, t.last_day
FROM there AS o
LEFT JOIN theirs AS t ON t.outlet = o.outlet
ORDER BY quotations DESC, o.articles DESC, o.outlet
LIMIT 200
