-- The versions of an article, itself among them, and the copies that there are of any of them, by time:
-- asked of its family alone.
WITH RECURSIVE articles AS MATERIALIZED (
    SELECT article_id, outlet, title, url, published_at, updated_at, duplicate_of, duplicate_share, supersedes
    FROM onrecord.main.articles
    WHERE rowid IN (SELECT unnest($articles::BIGINT[]))
),
versions AS (
    SELECT article_id, supersedes FROM articles WHERE article_id = $article
    UNION
    SELECT a.article_id, a.supersedes
    FROM versions AS v
    JOIN articles AS a ON a.article_id = v.supersedes OR a.supersedes = v.article_id
)
SELECT
    a.article_id, a.outlet, a.title, a.url, a.published_at, a.updated_at, a.duplicate_share, a.supersedes,
    if(v.article_id IS NOT NULL, 'version', if(a.article_id = $original, 'original', 'copy')) AS kin,
    (
        SELECT arg_min(q.quotation_id, q.start)
        FROM quotations AS q
        WHERE q.rowid IN (SELECT unnest($places::BIGINT[])) AND q.article_id = a.article_id
    ) AS first_quotation
FROM articles AS a
LEFT JOIN versions AS v ON v.article_id = a.article_id
WHERE v.article_id IS NOT NULL
    OR a.duplicate_of IN (SELECT o.article_id FROM versions AS o)
    OR a.article_id = $original
    OR a.duplicate_of = $original
ORDER BY coalesce(a.updated_at, a.published_at) NULLS LAST, a.article_id
LIMIT 100
