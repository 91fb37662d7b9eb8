-- What holds a telling word of the query or is worded near it, by both ranks (reciprocal rank fusion, constant 60).
CREATE OR REPLACE TEMP TABLE scored AS
WITH by_words AS (
    SELECT s.id, row_number() OVER (ORDER BY w.score DESC, w.quotation_id) AS rank
    FROM scored_by_words($query) AS w
    JOIN memory.main.shelf AS s ON s.id = CAST(w.quotation_id AS UUID)
),
by_meaning AS (
    SELECT s.id, row_number() OVER (ORDER BY n.score DESC, s.id) AS rank
    FROM (SELECT unnest($places) AS place, unnest($scores) AS score) AS n
    JOIN memory.main.shelf AS s ON s.wording = n.place
),
fused AS (
    SELECT r.id, sum(1 / (60 + r.rank)) AS score
    FROM (SELECT * FROM by_words UNION ALL SELECT * FROM by_meaning) AS r
    GROUP BY r.id
)
SELECT s.*, f.score
FROM fused AS f
JOIN memory.main.shelf AS s ON s.id = f.id
