-- Who is only spoken of in a theme: named within its quotations, and saying nothing in it.
WITH inside AS (
    SELECT q.article_id, q.quotation_id, p.start, p."end"
    FROM theme_members AS m
    JOIN said AS q ON q.statement_id = m.statement_id
    JOIN quotations AS p ON p.quotation_id = q.quotation_id
    WHERE m.theme_id = $theme AND q.copy_of IS NULL
),
named AS (
    SELECT DISTINCT folded(n.name) AS called, n.name, i.quotation_id
    FROM inside AS i
    JOIN mentions AS n ON n.article_id = i.article_id AND n.start >= i.start AND n."end" <= i."end"
    WHERE n.kind IN ('person', 'organisation')
),
speaking AS (
    SELECT DISTINCT folded(q.name) AS called
    FROM inside AS i
    JOIN quotations AS q ON q.quotation_id = i.quotation_id
    WHERE q.name IS NOT NULL
)
SELECT min(d.name) AS name, count(*) AS quotations
FROM named AS d
WHERE d.called NOT IN (SELECT s.called FROM speaking AS s)
GROUP BY d.called
ORDER BY quotations DESC, name
LIMIT 30
