-- What a quotation quotes in turn, and what quotes it.
SELECT
    q.quotation_id, q.content AS words, s.name AS speaker, q.speaker_id, m.statement_id, q.via,
    q.quotation_id <> $quotation AND q.nested_in = $quotation AS inner
FROM quotations AS q
LEFT JOIN speakers AS s ON s.speaker_id = q.speaker_id
LEFT JOIN statement_members AS m ON m.quotation_id = q.quotation_id
WHERE q.nested_in = $quotation OR q.quotation_id = $nested_in
ORDER BY q.start
LIMIT 50
