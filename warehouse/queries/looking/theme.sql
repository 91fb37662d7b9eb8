-- A theme with the broader one, and how much is said in it.
SELECT
    t.theme_id, t.label, t.keywords, t.size, t.parent_id, b.label AS parent,
    st.text AS typical, t.statement_id AS typical_id
FROM themes AS t
LEFT JOIN themes AS b ON b.theme_id = t.parent_id
LEFT JOIN statements AS st ON st.statement_id = t.statement_id
WHERE t.rowid = $place AND t.theme_id = $theme
