-- Who is only spoken of in a theme: named within its quotations, and saying nothing in it. Of a very large theme, as its
-- newest quotations tell.
WITH inside AS MATERIALIZED (
    SELECT p.article_id, p.quotation_id, p.start, p."end", p.name
    FROM (
        SELECT q.place
        FROM memory.main.shelved AS q
        WHERE q.said IN (SELECT hash(CAST(m.statement_id AS UUID)) FROM theme_members AS m WHERE m.theme_id = $theme) AND NOT q.copied
        ORDER BY q.day DESC NULLS LAST, q.place
        LIMIT 2000
    ) AS w
    JOIN quotations AS p ON p.rowid = w.place
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
