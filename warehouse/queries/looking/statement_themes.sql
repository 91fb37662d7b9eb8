-- The themes of a statement by their places, the narrow before the broad.
SELECT t.theme_id, t.label
FROM (SELECT unnest($places::BIGINT[]) AS place, unnest($scores::DOUBLE[]) AS similarity) AS m
JOIN themes AS t ON t.rowid = m.place
ORDER BY t.parent_id IS NULL, m.similarity DESC
LIMIT 4
