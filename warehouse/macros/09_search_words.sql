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
SELECT * FROM described((SELECT list(r) FROM ranked AS r));
