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
