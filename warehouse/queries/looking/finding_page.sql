-- A page of the statements found, each by the quotation that fits best.
WITH best AS (
    SELECT
        said,
        arg_max(
            {place: place, article: article_place, statement: statement_place}, (score, day IS NOT NULL, day, -place)
        ) AS best,
        max(score) AS score,
        max(day) AS day,
        max(outlets) AS outlets,
        min(id) AS tie
    FROM matched
    WHERE misses = 0
    GROUP BY said
)
SELECT best.place, best.article, best.statement
FROM best
ORDER BY
    CASE $sort WHEN 'outlets' THEN outlets WHEN 'newest' THEN epoch(day) WHEN 'oldest' THEN -epoch(day) ELSE score END DESC NULLS LAST,
    score DESC, outlets DESC, day DESC NULLS LAST, tie
LIMIT $most OFFSET $offset
