-- The outlets' shares of a theme, and its share of what each reports.
WITH here AS (
    SELECT q.outlet, count(*) AS quotations, count(DISTINCT q.statement_id) AS statements, count(DISTINCT q.speaker_id) AS speakers
    FROM theme_members AS m
    JOIN said AS q ON q.statement_id = m.statement_id
    WHERE m.theme_id = $theme AND q.outlet IS NOT NULL
    GROUP BY q.outlet
)
SELECT h.outlet, h.quotations, h.statements, h.speakers, h.quotations / sum(h.quotations) OVER () AS share
FROM here AS h
ORDER BY h.quotations DESC, h.outlet
LIMIT 100
