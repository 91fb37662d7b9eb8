-- What a speaker said, by day and broad theme: quotations, those of copies left out.
SELECT q.day, t.label AS name, count(*) AS quotations
FROM memory.main.shelved AS q
LEFT JOIN themes AS t ON t.theme_id = CAST(q.theme AS VARCHAR)
WHERE q.speaker = TRY_CAST($speaker AS memory.main.speaker_code) AND NOT q.copied AND q.day IS NOT NULL
GROUP BY q.day, t.theme_id, t.label
ORDER BY q.day, name NULLS LAST
