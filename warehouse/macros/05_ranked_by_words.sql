-- ranked_by_words(query, k, speaker, outlet, since, until, theme): ids and scores of the k quotations whose words fit
-- the query best, as shares of the best score. The filters hold before the ranking.
CREATE MACRO ranked_by_words(
    query, k := 10, speaker := NULL, outlet := NULL, since := NULL, until := NULL, theme := NULL
) AS TABLE
WITH passing AS (
    SELECT *
    FROM matching(speaker := speaker, outlet := outlet, since := since, until := until, theme := theme)
),
best AS (
    SELECT s.quotation_id, s.score
    FROM scored_by_words(query) AS s
    WHERE s.quotation_id IN (SELECT p.quotation_id FROM passing AS p)
    ORDER BY s.score DESC, s.quotation_id
    LIMIT k
)
SELECT b.quotation_id, share_of_best(b.score) AS score
FROM best AS b
ORDER BY b.score DESC, b.quotation_id;
