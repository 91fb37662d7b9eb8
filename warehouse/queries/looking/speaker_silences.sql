-- What a speaker did not say or would not answer, and what they denied, the newest first.
SELECT n.what AS words, n.told_by, n.day, n.outlet, n.title, n.quotation_id, 'unsaid' AS stance
FROM no_comments AS n
WHERE n.speaker_id = $speaker AND n.copy_of IS NULL
UNION ALL
SELECT d.what, d.told_by, d.day, d.outlet, d.title, d.quotation_id, 'denied'
FROM denials AS d
WHERE d.speaker_id = $speaker AND d.copy_of IS NULL
ORDER BY day DESC NULLS LAST, quotation_id
LIMIT 60
