-- similar_to(quotation, k, speaker, outlet, since, until, theme): the k quotations nearest in meaning to a stored one,
-- other than itself, cosines as shares of the best. Needs no vector, so it works in any DuckDB shell.
CREATE MACRO similar_to(
    quotation, k := 10, speaker := NULL, outlet := NULL, since := NULL, until := NULL, theme := NULL
) AS TABLE
WITH ranked AS (
    SELECT n.quotation_id, share_of_best(n.score) AS score
    FROM ranked_by_meaning(
        (
            SELECT any_value(u.embedding)
            FROM quotations AS o
            JOIN utterances AS u ON u.utterance_id = o.utterance_id
            WHERE o.quotation_id = quotation AND u.model = current_model()
        ),
        k := k + 1, speaker := speaker, outlet := outlet, since := since, until := until, theme := theme
    ) AS n
    WHERE n.quotation_id <> quotation
    ORDER BY n.score DESC, n.quotation_id
    LIMIT k
)
SELECT * FROM described((SELECT list(r) FROM ranked AS r));
