-- What holds a telling word of the query.
CREATE OR REPLACE TEMP TABLE scored AS
SELECT s.*, w.score
FROM scored_by_words($query) AS w
JOIN memory.main.shelf AS s ON s.id = CAST(w.quotation_id AS UUID)
