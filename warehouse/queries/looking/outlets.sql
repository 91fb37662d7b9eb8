-- Every outlet: how much it carries, whom it quotes by kind of speaker, how it words what others carry too, and how often
-- it was surely the first: where an article tells its day alone (00:00), others of that day may have been.
WITH there AS (
    SELECT
        a.outlet, count(*) AS articles, count(*) FILTER (WHERE a.duplicate_of IS NOT NULL) AS copies,
        CAST(min(a.published_at) AS DATE) AS since, CAST(max(a.published_at) AS DATE) AS until
    FROM articles AS a
    WHERE a.outlet IS NOT NULL AND NOT EXISTS (SELECT 1 FROM articles AS n WHERE n.supersedes = a.article_id)
    GROUP BY a.outlet
),
shared AS (
    SELECT
        q.said, q.outlet, min(a.published_at) AS earliest,
        min(a.published_at + if(
            a.published_at <> date_trunc('day', a.published_at), INTERVAL 0 SECOND, INTERVAL 86399 SECOND
        )) AS latest
    FROM picked AS q
    JOIN quotations AS p ON p.rowid = q.place
    JOIN articles AS a ON a.article_id = p.article_id
    WHERE q.outlets > 1 AND q.outlet IS NOT NULL AND a.published_at IS NOT NULL
    GROUP BY q.said, q.outlet
),
foremost AS (
    SELECT x.outlet, count(*) AS first
    FROM (
        SELECT arg_min(s.outlet, s.latest) AS outlet
        FROM shared AS s
        GROUP BY s.said
        HAVING len(list_filter(list(s.earliest), lambda other : other <= min(s.latest))) = 1
    ) AS x
    GROUP BY x.outlet
),
quoted AS (
    SELECT
        q.outlet,
        count(*) AS quotations,
        count(DISTINCT q.said) AS statements,
        count(DISTINCT q.speaker) AS speakers,
        count(*) FILTER (WHERE q.speaker IS NOT NULL AND q.kind = 'person') AS persons,
        count(*) FILTER (WHERE q.speaker IS NOT NULL AND q.kind = 'organisation') AS organisations,
        count(*) FILTER (WHERE q.speaker IS NOT NULL AND q.kind NOT IN ('person', 'organisation')) AS groups,
        count(*) FILTER (WHERE q.speaker IS NULL) AS nobody,
        count(*) FILTER (WHERE q.type = 'direct') AS direct,
        count(*) FILTER (WHERE q.outlets > 1 AND q.type = 'direct') AS shared,
        count(*) FILTER (WHERE q.outlets > 1 AND q.type = 'direct' AND q.difference = 'cut') AS cut,
        count(*) FILTER (WHERE q.outlets > 1 AND q.type = 'direct' AND q.difference IN ('altered', 'extended')) AS altered,
        count(DISTINCT q.said) FILTER (WHERE q.outlets > 1) AS shared_statements
    FROM picked AS q
    WHERE q.outlet IS NOT NULL
    GROUP BY q.outlet
)
SELECT t.*, q.* EXCLUDE (outlet), coalesce(f.first, 0) AS first
FROM there AS t
LEFT JOIN quoted AS q ON q.outlet = t.outlet
LEFT JOIN foremost AS f ON f.outlet = t.outlet
ORDER BY q.quotations DESC NULLS LAST, t.articles DESC, t.outlet
