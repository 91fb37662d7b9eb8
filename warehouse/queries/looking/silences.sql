-- Who did not say or would not answer what, the newest first.
SELECT
    n.what AS words, n.told_by, n.day, n.outlet, n.title, n.quotation_id, 'unsaid' AS stance,
    coalesce(n.speaker, n.mention) AS speaker, n.speaker_id
FROM no_comments AS n
WHERE n.copy_of IS NULL
ORDER BY n.day DESC NULLS LAST, n.quotation_id
LIMIT $most OFFSET $offset
