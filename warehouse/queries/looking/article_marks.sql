-- Quotations of an article by their places, in order, a longer one before those that stand in it, with whose they are.
SELECT
    q.quotation_id, q.spans, q.type, coalesce(q.stance, 'asserted') AS stance, s.name AS speaker, q.mention,
    q.confidence >= coalesce(CAST(least.value AS DOUBLE), 0.0) AS sure
FROM quotations AS q
LEFT JOIN meta AS least ON least.key = 'confidence ' || q.type
LEFT JOIN speakers AS s ON s.speaker_id = q.speaker_id
WHERE q.rowid IN (SELECT unnest($places::BIGINT[]))
ORDER BY q.start, q."end" DESC
