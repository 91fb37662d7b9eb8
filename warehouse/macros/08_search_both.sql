-- search_both(query, vector, k, model, speaker, outlet, since, until, theme): the k quotations that words and meaning
-- together put first: reciprocal rank fusion (Cormack, Clarke and Buettcher 2009, constant 60) of the 100 best of each.
CREATE MACRO search_both(
    query, vector, k := 10, model := NULL, speaker := NULL, outlet := NULL, since := NULL, until := NULL, theme := NULL
) AS TABLE
WITH by_words AS (
    SELECT w.quotation_id, row_number() OVER (ORDER BY w.score DESC, w.quotation_id) AS place
    FROM ranked_by_words(
        query, k := 100, speaker := speaker, outlet := outlet, since := since, until := until, theme := theme
    ) AS w
),
by_meaning AS (
    SELECT m.quotation_id, row_number() OVER (ORDER BY m.score DESC, m.quotation_id) AS place
    FROM ranked_by_meaning(
        vector, k := 100, model := model, speaker := speaker, outlet := outlet, since := since, until := until, theme := theme
    ) AS m
),
ranked AS (
    SELECT b.quotation_id, sum(1 / (60 + b.place)) AS score
    FROM (SELECT * FROM by_words UNION ALL SELECT * FROM by_meaning) AS b
    GROUP BY b.quotation_id
    ORDER BY score DESC, b.quotation_id
    LIMIT k
)
SELECT
    q.quotation_id,
    r.score,
    q.words,
    q.speaker,
    q.day,
    q.outlet,
    q.title,
    q.link,
    q.statement_id,
    q.theme
FROM ranked AS r
JOIN quotes AS q ON q.quotation_id = r.quotation_id
ORDER BY r.score DESC, q.quotation_id;
