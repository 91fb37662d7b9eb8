-- What several outlets reported, with the wording of each: the most widely carried first.
SELECT statement_id, any_value(speaker) AS speaker, any_value(statement_outlets) AS outlets,
    list({wording: wording, difference: difference, outlets: outlets}
        ORDER BY difference != 'same', len(outlets) DESC, similarity DESC, wording) AS variants
FROM statement_variants
WHERE statement_outlets > 1
GROUP BY statement_id
ORDER BY outlets DESC, len(variants) DESC, statement_id
LIMIT 3
