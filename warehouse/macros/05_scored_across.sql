-- scored_across(question, model): the wordings in other languages that stand out among all that have a vector of `model`, a
-- multilingual one, and how much more like the question they are than what anybody says: two and a half deviations above the mean,
-- fewer where there are few. `question` is the vector of the words less that of common sentences: such a model's cosines
-- lie so close together that they alone tell little.
CREATE MACRO scored_across(question, model) AS TABLE
WITH alike AS (
    SELECT u.utterance_id, list_inner_product(u.embedding, CAST(question AS FLOAT[])) AS score
    FROM utterances AS u
    WHERE u.model = model AND len(u.embedding) = len(CAST(question AS FLOAT[]))
),
spread AS (
    SELECT avg(a.score) AS middle, stddev_pop(a.score) AS deviation, least(2.5, 0.5 * sqrt(count(*))) AS enough
    FROM alike AS a
)
SELECT a.utterance_id, a.score
FROM alike AS a, spread AS s
WHERE a.score >= s.middle + s.enough * s.deviation;
