-- The terms that a query asks for, by words, and the phrase that they make where they tell nothing alone ('' where they do);
-- with the number of documents and their mean length.
SELECT t.termid, t.word_id, t.asked, coalesce(t.phrase, '') AS phrase, s.num_docs, s.avgdl
FROM asked_terms($query) AS t, fts_main_quotations.stats AS s
