-- What several outlets reported, with the wording of each: the most widely carried first.
WITH told AS (
    SELECT statement_id, quotations.content AS wording, statement_members.difference,
        list_sort(list(DISTINCT coalesce(articles.outlet, articles.source))) AS outlets,
        min(statement_members.similarity) AS similarity
    FROM statement_members
    JOIN quotations USING (quotation_id)
    JOIN articles USING (article_id)
    GROUP BY ALL
)
SELECT statements.statement_id, speakers.name AS speaker, statements.text, statements.outlets,
    list({wording: told.wording, difference: told.difference, outlets: told.outlets}
        ORDER BY len(told.outlets) DESC, told.wording) AS variants
FROM statements
JOIN told USING (statement_id)
LEFT JOIN speakers USING (speaker_id)
WHERE statements.outlets > 1
GROUP BY ALL
ORDER BY statements.outlets DESC, len(variants) DESC, statements.statement_id
LIMIT 3
