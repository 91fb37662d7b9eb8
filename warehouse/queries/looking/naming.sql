-- Where an article names somebody by their fullest name, up to a place: the last time before it, else the first after.
SELECT start, "end", text, name, descriptor
FROM mentions
WHERE article_id = $article AND name = $fullest
    AND NOT (start < $mention_end AND "end" > $mention_start)
    AND contains(folded(text), string_split(folded($fullest), ' ')[-1])
ORDER BY start >= $mention_start, abs(start - $mention_start)
LIMIT 1
