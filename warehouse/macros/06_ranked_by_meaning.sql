-- ranked_by_meaning(vector, k, model, speaker, outlet, since, until, theme): ids and scores of the k quotations whose
-- vectors lie nearest, cosines as shares of the best. The filters hold before the ranking.
CREATE MACRO ranked_by_meaning(
    vector, k := 10, model := NULL, speaker := NULL, outlet := NULL, since := NULL, until := NULL, theme := NULL
) AS TABLE
WITH best AS (
    SELECT p.quotation_id, s.score
    FROM matching(speaker := speaker, outlet := outlet, since := since, until := until, theme := theme) AS p
    JOIN scored_by_meaning(vector, model := model) AS s ON s.utterance_id = p.utterance_id
    ORDER BY s.score DESC, p.quotation_id
    LIMIT k
)
SELECT b.quotation_id, share_of_best(b.score) AS score
FROM best AS b
ORDER BY b.score DESC, b.quotation_id;
