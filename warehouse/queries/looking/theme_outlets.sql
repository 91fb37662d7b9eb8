-- The outlets' shares of a theme.
SELECT
    CAST(q.outlet AS VARCHAR) AS outlet, count(*) AS quotations, count(DISTINCT q.said) AS statements,
    count(*) / sum(count(*)) OVER () AS share
FROM memory.main.shelved AS q
WHERE q.said IN (SELECT hash(CAST(m.statement_id AS UUID)) FROM theme_members AS m WHERE m.theme_id = $theme) AND q.outlet <> '-'
GROUP BY q.outlet
ORDER BY quotations DESC, outlet
LIMIT 100
