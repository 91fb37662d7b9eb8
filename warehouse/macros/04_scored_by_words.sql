-- scored_by_words(query): every quotation that holds a telling word of the query, and how well its words fit: BM25 (k1
-- 1.2, b 0.75) over the full-text index, plurals folded, without any extension. Function words score nothing; of a query
-- that has no others, the quotations that hold it whole are found.
CREATE MACRO scored_by_words(query) AS TABLE
WITH wanted AS MATERIALIZED (SELECT * FROM asked_terms(query)),
postings AS MATERIALIZED (
    SELECT p.docid, v.word_id, count(*) AS times
    FROM fts_main_quotations.terms AS p
    JOIN wanted AS v ON v.termid = p.termid
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
    WHERE s.held = (SELECT any_value(w.asked) FROM wanted AS w WHERE w.phrase IS NOT NULL)
)
SELECT s.quotation_id, s.score
FROM scored AS s
WHERE EXISTS (FROM wanted AS w WHERE w.phrase IS NULL)
UNION ALL
SELECT h.quotation_id, h.score
FROM holding AS h
WHERE contains(
    ' ' || array_to_string(fts_main_quotations.tokenize(h.content), ' ') || ' ',
    ' ' || (SELECT any_value(w.phrase) FROM wanted AS w) || ' '
);
