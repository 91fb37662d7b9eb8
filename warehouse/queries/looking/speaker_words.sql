-- Words that some quotations have more often than all together: in how many of them, and how many times the usual share of
-- quotations that is (the index knows the share of each word; function words are left out).
WITH own AS (
    SELECT unnest(fts_main_quotations.tokenize(q.content)) AS word, q.rowid AS place
    FROM quotations AS q
    WHERE q.rowid IN (SELECT unnest($places::BIGINT[]))
),
counted AS (
    SELECT o.word, count(DISTINCT o.place) AS times
    FROM own AS o
    WHERE length(o.word) > 2 AND NOT regexp_matches(o.word, '^\d+$')
    GROUP BY o.word
    HAVING count(DISTINCT o.place) >= 2
),
weighed AS (
    SELECT c.word, c.times, (c.times / len($places::BIGINT[])) / (w.df / s.num_docs) AS ratio
    FROM counted AS c
    JOIN fts_main_quotations.dict AS w ON w.term = c.word
    CROSS JOIN fts_main_quotations.stats AS s
    WHERE NOT is_function_word(c.word)
)
SELECT word, times, ratio
FROM weighed
WHERE ratio >= 1.5
ORDER BY times * ln(ratio) DESC, word
LIMIT 24
