-- ranked_by_meaning(vector, k, model, speaker, outlet, since, until, theme): ids and scores of the k quotations whose
-- vectors lie nearest. The filters hold before the ranking.
CREATE MACRO ranked_by_meaning(
    vector, k := 10, model := NULL, speaker := NULL, outlet := NULL, since := NULL, until := NULL, theme := NULL
) AS TABLE
SELECT p.quotation_id, s.score
FROM matching(speaker := speaker, outlet := outlet, since := since, until := until, theme := theme) AS p
JOIN scored_by_meaning(vector, model := model) AS s ON s.utterance_id = p.utterance_id
ORDER BY s.score DESC, p.quotation_id
LIMIT k;
