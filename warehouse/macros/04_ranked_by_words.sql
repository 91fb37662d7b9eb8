-- ranked_by_words(query, k, speaker, outlet, since, until, theme): ids and scores of the k quotations whose words fit
-- the query best: BM25 (k1 1.2, b 0.75) over the full-text index, plurals folded, without any extension. The filters
-- hold before the ranking.
CREATE MACRO ranked_by_words(
    query, k := 10, speaker := NULL, outlet := NULL, since := NULL, until := NULL, theme := NULL
) AS TABLE
WITH asked AS (
    SELECT DISTINCT singular(token) AS word
    FROM (SELECT unnest(fts_main_quotations.tokenize(query)) AS token)
    WHERE token <> ''
),
vocabulary AS (
    SELECT d.termid, asked.word
    FROM fts_main_quotations.dict AS d
    JOIN asked ON asked.word = singular(d.term)
),
postings AS (
    SELECT p.docid, v.word, count(*) AS times
    FROM fts_main_quotations.terms AS p
    JOIN vocabulary AS v ON v.termid = p.termid
    GROUP BY p.docid, v.word
),
weights AS (
    SELECT p.word, ln(1 + (any_value(s.num_docs) - count(*) + 0.5) / (count(*) + 0.5)) AS weight
    FROM postings AS p, fts_main_quotations.stats AS s
    GROUP BY p.word
)
SELECT d.name AS quotation_id,
    sum(w.weight * p.times * 2.2 / (p.times + 1.2 * (0.25 + 0.75 * d.len / s.avgdl))) AS score
FROM postings AS p
JOIN weights AS w ON w.word = p.word
JOIN fts_main_quotations.docs AS d ON d.docid = p.docid
CROSS JOIN fts_main_quotations.stats AS s
WHERE d.name IN (
    SELECT f.quotation_id
    FROM matching(speaker := speaker, outlet := outlet, since := since, until := until, theme := theme) AS f
)
GROUP BY d.name
ORDER BY score DESC, d.name
LIMIT k;
