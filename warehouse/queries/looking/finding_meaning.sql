-- What is worded near the query in meaning: $near has wordings and their cosines.
CREATE OR REPLACE TEMP TABLE scored AS
SELECT s.*, n.score
FROM (SELECT unnest($places) AS place, unnest($scores) AS score) AS n
JOIN memory.main.shelf AS s ON s.wording = n.place
