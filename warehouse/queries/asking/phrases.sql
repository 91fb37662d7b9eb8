-- The quotations that hold a phrase, of which no word tells anything alone.
SELECT hash(w.quotation_id) AS key, w.score FROM scored_by_words($query) AS w
