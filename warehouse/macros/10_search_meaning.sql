-- search_meaning(vector, k, model, speaker, outlet, since, until, theme): the k quotations nearest in meaning to a vector
-- of the same model. Where OnRecord is installed, embed('...') makes one of words.
CREATE MACRO search_meaning(
    vector, k := 10, model := NULL, speaker := NULL, outlet := NULL, since := NULL, until := NULL, theme := NULL
) AS TABLE
WITH ranked AS (
    SELECT *
    FROM ranked_by_meaning(
        vector, k := k, model := model, speaker := speaker, outlet := outlet, since := since, until := until, theme := theme
    )
)
SELECT * FROM described((SELECT list(r) FROM ranked AS r));
