-- ranked_by_both(query, vector, k, model, speaker, outlet, since, until, theme): ids and scores of the k quotations that
-- words and meaning together put first: reciprocal rank fusion (Cormack, Clarke and Buettcher 2009, constant 60) of the
-- 100 best of each, as shares of the best. The filters hold before the ranking.
CREATE MACRO ranked_by_both(
    query, vector, k := 10, model := NULL, speaker := NULL, outlet := NULL, since := NULL, until := NULL, theme := NULL
) AS TABLE
-- DuckDB filters for each ranking by itself here. Filtered once, it would no longer see while it scans which vectors are
-- needed, and that costs more.
WITH passing AS (
    SELECT *
    FROM matching(speaker := speaker, outlet := outlet, since := since, until := until, theme := theme)
),
by_words AS (
    SELECT s.quotation_id, row_number() OVER (ORDER BY s.score DESC, s.quotation_id) AS place
    FROM scored_by_words(query) AS s
    WHERE s.quotation_id IN (SELECT p.quotation_id FROM passing AS p)
    ORDER BY place
    LIMIT 100
),
by_meaning AS (
    SELECT p.quotation_id, row_number() OVER (ORDER BY s.score DESC, p.quotation_id) AS place
    FROM passing AS p
    JOIN scored_by_meaning(vector, model := model) AS s ON s.utterance_id = p.utterance_id
    ORDER BY place
    LIMIT 100
),
best AS (
    SELECT b.quotation_id, sum(1 / (60 + b.place)) AS score
    FROM (SELECT * FROM by_words UNION ALL SELECT * FROM by_meaning) AS b
    GROUP BY b.quotation_id
    ORDER BY score DESC, b.quotation_id
    LIMIT k
)
SELECT b.quotation_id, share_of_best(b.score) AS score
FROM best AS b
ORDER BY b.score DESC, b.quotation_id;
