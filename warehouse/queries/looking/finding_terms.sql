-- The words of a text that a query means, as the full-text index spells them: its telling words, in the singular or plural.
WITH asked AS (
    SELECT token, is_function_word(token) AS is_function
    FROM (SELECT unnest(fts_main_quotations.tokenize($query)) AS token)
    WHERE token <> ''
),
telling AS (
    SELECT singular(token) AS word
    FROM asked
    WHERE NOT is_function OR NOT EXISTS (FROM asked AS a WHERE NOT a.is_function)
)
SELECT DISTINCT t.token
FROM (SELECT unnest(fts_main_quotations.tokenize($text)) AS token) AS t
WHERE singular(t.token) IN (SELECT word FROM telling)
