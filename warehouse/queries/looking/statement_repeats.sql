-- The other times that the same phrase was said by the same speaker.
SELECT r.statement_id, r.statement AS words, r.day, r.outlets, r.time, r.times, r.similarity, r.repeats_id = r.statement_id AS first
FROM repeated_statements AS r
WHERE r.repeats_id IN (
        SELECT repeats_id FROM statement_repeats WHERE statement_id = $statement OR repeats_id = $statement
    )
ORDER BY r.time
LIMIT 100
