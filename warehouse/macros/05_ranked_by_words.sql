-- ranked_by_words(query, k, speaker, outlet, since, until, theme): ids and scores of the k quotations whose words fit
-- the query best. The filters hold before the ranking.
CREATE MACRO ranked_by_words(
    query, k := 10, speaker := NULL, outlet := NULL, since := NULL, until := NULL, theme := NULL
) AS TABLE
WITH passing AS (
    SELECT *
    FROM matching(speaker := speaker, outlet := outlet, since := since, until := until, theme := theme)
)
SELECT s.quotation_id, s.score
FROM scored_by_words(query) AS s
WHERE s.quotation_id IN (SELECT p.quotation_id FROM passing AS p)
ORDER BY s.score DESC, s.quotation_id
LIMIT k;
