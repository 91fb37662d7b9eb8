-- ranked_by_meaning(vector, k, model, speaker, outlet, since, until, theme): ids and scores of the k quotations whose
-- vectors lie nearest (cosine; exact, no approximate index). Vectors are of `model`, else of current_model(). The
-- filters hold before the ranking.
CREATE MACRO ranked_by_meaning(
    vector, k := 10, model := NULL, speaker := NULL, outlet := NULL, since := NULL, until := NULL, theme := NULL
) AS TABLE
-- Scored before joined: a join would carry the vectors themselves through its hash table, at ten times the cost.
WITH scored AS MATERIALIZED (
    SELECT u.utterance_id, list_inner_product(u.embedding, CAST(vector AS FLOAT[])) AS score
    FROM utterances AS u
    WHERE u.model = coalesce(model, current_model())
        AND len(u.embedding) = len(CAST(vector AS FLOAT[]))
)
SELECT f.quotation_id, s.score
FROM matching(speaker := speaker, outlet := outlet, since := since, until := until, theme := theme) AS f
JOIN scored AS s ON s.utterance_id = f.utterance_id
ORDER BY s.score DESC, f.quotation_id
LIMIT k;
