-- What was picked, by day and broad theme: quotations, those of copies left out.
SELECT q.day, t.label AS name, count(*) AS quotations
FROM picked AS q
LEFT JOIN themes AS t ON t.rowid = q.theme
WHERE NOT q.copied AND q.day IS NOT NULL
GROUP BY q.day, q.theme, t.label
ORDER BY q.day, name NULLS LAST
