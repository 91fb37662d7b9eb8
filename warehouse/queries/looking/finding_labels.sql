-- What speakers and themes are called, by their places.
SELECT 'speaker' AS facet, rowid AS place, speaker_id AS value, name AS label
FROM speakers
WHERE rowid IN (SELECT unnest($speakers::BIGINT[]))
UNION ALL
SELECT 'theme', rowid, theme_id, label
FROM themes
WHERE rowid IN (SELECT unnest($themes::BIGINT[]))
