-- Words that a speaker says more often than all speakers together: how often, and how many times the usual share of
-- quotations that is (the index counts a quotation's words; names of function words are left out).
WITH own AS (
    SELECT d.docid
    FROM fts_main_quotations.docs AS d
    WHERE d.name IN (
        SELECT replace(CAST(q.id AS VARCHAR), '-', '')
        FROM memory.main.shelved AS q
        WHERE q.speaker = TRY_CAST($speaker AS memory.main.speaker_code) AND NOT q.copied
    )
),
counted AS (
    SELECT p.termid, count(DISTINCT p.docid) AS times
    FROM fts_main_quotations.terms AS p
    WHERE p.docid IN (SELECT o.docid FROM own AS o)
    GROUP BY p.termid
    HAVING count(DISTINCT p.docid) >= 2
),
weighed AS (
    SELECT
        w.term AS word, c.times,
        (c.times / (SELECT count(*) FROM own)) / (w.df / s.num_docs) AS ratio
    FROM counted AS c
    JOIN fts_main_quotations.dict AS w ON w.termid = c.termid
    CROSS JOIN fts_main_quotations.stats AS s
    WHERE length(w.term) > 2 AND NOT is_function_word(w.term) AND NOT regexp_matches(w.term, '^\d+$')
)
SELECT word, times, ratio
FROM weighed
WHERE ratio >= 1.5
ORDER BY times * ln(ratio) DESC, word
LIMIT 24
