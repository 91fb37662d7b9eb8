-- What holds a telling word of the query.
SELECT hash(w.quotation_id) AS key, w.score FROM scored_by_words($query) AS w
