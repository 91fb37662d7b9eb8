-- The quotations that pass these filters, NULL being none, as the view all_quotes has them: the newest first. Where the
-- unsure are not asked for, those of the view quotes.
SELECT q.* EXCLUDE (shown)
FROM all_quotes AS q
WHERE q.quotation_id IN (
        SELECT m.quotation_id
        FROM matching(
            speaker := CAST($speaker AS VARCHAR), outlet := CAST($outlet AS VARCHAR), since := CAST($since AS DATE),
            until := CAST($until AS DATE), theme := CAST($theme AS VARCHAR),
            unsure := $unsure
        ) AS m
    )
    AND ($statement IS NULL OR q.statement_id = resolve_statement($statement))
ORDER BY q.day DESC NULLS LAST, q.article_id, q.start, q."end"
LIMIT $most
