-- The terms that a query asks for, by words, and whether only together; with the number of documents and their mean length.
SELECT t.termid, t.word_id, t.phrase IS NOT NULL AS is_phrase, s.num_docs, s.avgdl
FROM asked_terms($query) AS t, fts_main_quotations.stats AS s
