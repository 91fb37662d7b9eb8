-- The wordings of a statement, the likest to its representative one first; merges are followed.
SELECT v.*
FROM statement_variants AS v
WHERE v.statement_id = (SELECT resolve_statement($statement))
ORDER BY v.similarity DESC, v.wording
