-- The broad themes, the largest first, each with its narrower ones.
SELECT
    t.rowid AS place, t.theme_id, t.label, t.size,
    coalesce(list({theme_id: n.theme_id, label: n.label, size: n.size} ORDER BY n.size DESC, n.label)
        FILTER (WHERE n.theme_id IS NOT NULL), []) AS narrower
FROM themes AS t
LEFT JOIN themes AS n ON n.parent_id = t.theme_id
WHERE t.parent_id IS NULL
GROUP BY t.rowid, t.theme_id, t.label, t.size
ORDER BY t.size DESC, t.label
LIMIT 200
