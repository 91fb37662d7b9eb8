-- Who is only spoken of in a theme: named within its quotations, and saying nothing in it. By the places of the
-- theme's quotations: of a very large theme, the newest.
WITH inside AS MATERIALIZED (
    SELECT p.article_id, p.quotation_id, p.start, p."end", p.name
    FROM quotations AS p
    WHERE p.rowid IN (SELECT unnest($places::BIGINT[]))
),
named AS (
    SELECT DISTINCT folded(n.name) AS called, n.name, i.quotation_id
    FROM inside AS i
    JOIN mentions AS n ON n.article_id = i.article_id AND n.start >= i.start AND n."end" <= i."end"
    WHERE n.kind IN ('person', 'organisation')
),
speaking AS (
    SELECT DISTINCT folded(i.name) AS called FROM inside AS i WHERE i.name IS NOT NULL
)
SELECT min(d.name) AS name, count(*) AS quotations
FROM named AS d
WHERE d.called NOT IN (SELECT s.called FROM speaking AS s)
GROUP BY d.called
ORDER BY quotations DESC, name
LIMIT 30
