-- What one generation is: when it was published, by which run, and what it holds.
SELECT
    max(generation) AS generation,
    max_by(published_at, generation) AS published_at,
    max_by(run_id, generation) AS run_id,
    (SELECT count(*) FROM articles) AS articles,
    (SELECT count(*) FROM quotations) AS quotations,
    (SELECT count(*) FROM statements WHERE quotations > 0) AS statements,
    (SELECT count(*) FROM speakers) AS speakers
FROM generations
