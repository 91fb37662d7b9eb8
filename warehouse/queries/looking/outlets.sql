-- Every outlet: how much it carries, whom it quotes by kind of speaker, how it words what others carry too, and how often
-- it was the first.
WITH there AS (
    SELECT
        a.outlet, count(*) AS articles, count(*) FILTER (WHERE a.duplicate_of IS NOT NULL) AS copies,
        CAST(min(a.published_at) AS DATE) AS since, CAST(max(a.published_at) AS DATE) AS until
    FROM articles AS a
    WHERE a.outlet IS NOT NULL AND NOT EXISTS (SELECT 1 FROM articles AS n WHERE n.supersedes = a.article_id)
    GROUP BY a.outlet
),
quoted AS (
    SELECT
        q.outlet,
        count(*) AS quotations,
        count(DISTINCT q.statement_id) AS statements,
        count(DISTINCT q.speaker_id) AS speakers,
        count(*) FILTER (WHERE s.kind = 'person') AS persons,
        count(*) FILTER (WHERE s.kind = 'organisation') AS organisations,
        count(*) FILTER (WHERE s.kind NOT IN ('person', 'organisation')) AS groups,
        count(*) FILTER (WHERE s.kind IS NULL) AS nobody,
        count(*) FILTER (WHERE q.type = 'direct') AS direct,
        count(*) FILTER (WHERE st.outlets > 1 AND q.type = 'direct') AS shared,
        count(*) FILTER (WHERE st.outlets > 1 AND q.type = 'direct' AND q.difference = 'cut') AS cut,
        count(*) FILTER (WHERE st.outlets > 1 AND q.type = 'direct' AND q.difference IN ('altered', 'extended')) AS altered,
        count(DISTINCT q.statement_id) FILTER (WHERE st.outlets > 1) AS shared_statements,
        count(DISTINCT q.statement_id) FILTER (WHERE st.outlets > 1 AND f.outlet = q.outlet) AS first
    FROM said AS q
    LEFT JOIN speakers AS s ON s.speaker_id = q.speaker_id
    LEFT JOIN statements AS st ON st.statement_id = q.statement_id
    LEFT JOIN (
        -- Who was surely first: where an article tells its day alone (00:00), others of that day may have been.
        SELECT x.statement_id, arg_min(x.outlet, x.latest) AS outlet
        FROM (
            SELECT
                y.statement_id, y.outlet, min(y.published_at) AS earliest,
                min(y.published_at + if(
                    y.published_at <> date_trunc('day', y.published_at), INTERVAL 0 SECOND, INTERVAL 86399 SECOND
                )) AS latest
            FROM said AS y
            WHERE y.outlet IS NOT NULL AND y.published_at IS NOT NULL AND y.statement_id IS NOT NULL
            GROUP BY y.statement_id, y.outlet
        ) AS x
        GROUP BY x.statement_id
        HAVING len(list_filter(list(x.earliest), lambda other : other <= min(x.latest))) = 1
    ) AS f ON f.statement_id = q.statement_id
    WHERE q.outlet IS NOT NULL
    GROUP BY q.outlet
)
SELECT t.*, q.* EXCLUDE (outlet)
FROM there AS t
LEFT JOIN quoted AS q ON q.outlet = t.outlet
ORDER BY q.quotations DESC NULLS LAST, t.articles DESC, t.outlet
