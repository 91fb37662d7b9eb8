-- scored_by_meaning(vector, model): every wording that has a vector of `model`, else of current_model(), and its cosine
-- to the given one, 0 where they point apart; exact, no approximate index.
CREATE MACRO scored_by_meaning(vector, model := NULL) AS TABLE
SELECT u.utterance_id, greatest(list_inner_product(u.embedding, CAST(vector AS FLOAT[])), 0) AS score
FROM utterances AS u
WHERE u.model = coalesce(model, current_model())
    AND len(u.embedding) = len(CAST(vector AS FLOAT[]));
