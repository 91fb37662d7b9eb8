-- search_words(query, k, speaker, outlet, since, until, theme): the k quotations whose words fit the query best, with
-- speaker, day, outlet and link. The filters hold before the ranking. Works in any DuckDB shell.
CREATE MACRO search_words(
    query, k := 10, speaker := NULL, outlet := NULL, since := NULL, until := NULL, theme := NULL
) AS TABLE
WITH ranked AS (
    SELECT *
    FROM ranked_by_words(
        query, k := k, speaker := speaker, outlet := outlet, since := since, until := until, theme := theme
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
