-- The roles and titles that articles give a speaker beside the name, with when they are first and last met.
WITH own AS (
    SELECT DISTINCT q.article_id, q.name
    FROM quotations AS q
    WHERE q.rowid IN (SELECT unnest($places::BIGINT[])) AND q.name IS NOT NULL
)
SELECT
    any_value(m.descriptor ORDER BY m.descriptor) AS role,
    CAST(min(a.published_at) AS DATE) AS since,
    CAST(max(a.published_at) AS DATE) AS until,
    count(DISTINCT a.article_id) AS articles,
    count(DISTINCT a.outlet) AS outlets
FROM own AS o
JOIN mentions AS m ON m.article_id = o.article_id AND m.name = o.name
JOIN articles AS a ON a.article_id = o.article_id
WHERE m.descriptor IS NOT NULL AND NOT regexp_matches(m.descriptor, '^(Mr|Mrs|Ms|Miss|Mx|Dr|Sir|Dame|Lord|Lady)\.?$')
GROUP BY folded(m.descriptor)
ORDER BY since NULLS LAST, articles DESC, role
LIMIT 60
