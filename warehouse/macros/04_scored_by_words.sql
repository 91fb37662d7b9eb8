-- scored_by_words(query): every quotation that holds a telling word of the query, and how well its words fit: BM25 (k1
-- 1.2, b 0.75) over the full-text index, plurals folded, without any extension. Function words score nothing; of a query
-- that has no others, the quotations that hold it whole are found.
CREATE MACRO scored_by_words(query) AS TABLE
WITH tokens AS (
    SELECT
        token,
        -- "don't" is cut into "don" and "t" by the index: of such a word nothing tells, of "Don" it does.
        is_function_word(token) OR NOT list_contains(
            fts_main_quotations.tokenize(regexp_replace(query, '\p{L}+n[''’]t\b', ' ', 'gi')), token
        ) AS is_function
    FROM (SELECT unnest(fts_main_quotations.tokenize(query)) AS token)
    WHERE token <> ''
),
phrase AS (
    SELECT string_agg(token, ' ') AS words
    FROM tokens
    HAVING bool_and(is_function)
),
asked AS (
    SELECT DISTINCT singular(token) AS word
    FROM tokens
    WHERE NOT is_function OR EXISTS (FROM phrase)
),
-- A word goes by the number of its first term: numbers are counted faster than words.
vocabulary AS (
    SELECT d.termid, min(d.termid) OVER (PARTITION BY asked.word) AS word_id
    FROM fts_main_quotations.dict AS d
    JOIN asked ON asked.word = singular(d.term)
),
postings AS (
    SELECT p.docid, v.word_id, count(*) AS times
    FROM fts_main_quotations.terms AS p
    JOIN vocabulary AS v ON v.termid = p.termid
    GROUP BY p.docid, v.word_id
),
weights AS (
    SELECT p.word_id, ln(1 + (any_value(s.num_docs) - count(*) + 0.5) / (count(*) + 0.5)) AS weight
    FROM postings AS p, fts_main_quotations.stats AS s
    GROUP BY p.word_id
),
scored AS MATERIALIZED (
    SELECT
        any_value(d.name) AS quotation_id,
        count(*) AS held,
        -- Rounded, since a sum of floats depends on its order: equal words score alike.
        round(sum(w.weight * p.times * 2.2 / (p.times + 1.2 * (0.25 + 0.75 * d.len / s.avgdl))), 9) AS score
    FROM postings AS p
    JOIN weights AS w ON w.word_id = p.word_id
    JOIN fts_main_quotations.docs AS d ON d.docid = p.docid
    CROSS JOIN fts_main_quotations.stats AS s
    GROUP BY p.docid
),
-- Only what holds all the words is read, hence materialized.
holding AS MATERIALIZED (
    SELECT s.quotation_id, s.score, q.content
    FROM scored AS s
    JOIN quotations AS q ON q.quotation_id = s.quotation_id
    WHERE EXISTS (FROM phrase) AND s.held = (SELECT count(*) FROM asked)
)
SELECT s.quotation_id, s.score
FROM scored AS s
WHERE NOT EXISTS (FROM phrase)
UNION ALL
SELECT h.quotation_id, h.score
FROM holding AS h, phrase AS p
WHERE contains(
    ' ' || array_to_string(fts_main_quotations.tokenize(h.content), ' ') || ' ', ' ' || p.words || ' '
);
