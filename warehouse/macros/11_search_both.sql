-- search_both(query, vector, k, model, speaker, outlet, since, until, theme): the k quotations that words and meaning
-- together put first: reciprocal rank fusion (Cormack, Clarke and Buettcher 2009, constant 60) of the 100 best of each.
CREATE MACRO search_both(
    query, vector, k := 10, model := NULL, speaker := NULL, outlet := NULL, since := NULL, until := NULL, theme := NULL
) AS TABLE
WITH ranked AS (
    SELECT *
    FROM ranked_by_both(
        query, vector, k := k, model := model,
        speaker := speaker, outlet := outlet, since := since, until := until, theme := theme
    )
)
SELECT * FROM described((SELECT list(r) FROM ranked AS r));
