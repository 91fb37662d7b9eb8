-- The run that made this generation, with what came of it. One row.
-- generation: The generation that it made
-- run_id: The run
-- started_at: Start, UTC
-- published_at: When the generation was made ready for publishing, UTC
-- sources: What it was asked to read
-- version: OnRecord's version
-- model: Embedding model and revision
-- new_articles: Articles that it brought in
-- changed_articles: Those of them that are new versions of articles it had
-- copies: Those of them that copy another
-- known_articles: Articles that the run met and that it had unchanged
-- new_quotations: Quotations in those articles
-- rejected: How many things it refused
-- gates_failed: Expectations that did not hold, of any severity
-- articles: Articles that the record holds now
-- quotations: Quotations that it holds now
-- speakers: Speakers that it holds now
-- statements: Statements that it holds now
CREATE VIEW latest_run AS
SELECT
    g.generation,
    g.run_id,
    r.started_at,
    g.published_at,
    r.sources,
    r.version,
    r.model,
    (SELECT count(*) FROM articles AS a WHERE a.first_run_id = g.run_id) AS new_articles,
    (
        SELECT count(*) FROM articles AS a
        WHERE a.first_run_id = g.run_id AND a.supersedes IS NOT NULL
    ) AS changed_articles,
    (
        SELECT count(*) FROM articles AS a
        WHERE a.first_run_id = g.run_id AND a.duplicate_of IS NOT NULL
    ) AS copies,
    (
        SELECT s.duplicates FROM stage_runs AS s WHERE s.run_id = g.run_id AND s.stage = 'ingest'
    ) AS known_articles,
    (
        SELECT count(*)
        FROM quotations AS q
        JOIN articles AS a USING (article_id)
        WHERE a.first_run_id = g.run_id
    ) AS new_quotations,
    (SELECT count(*) FROM rejects AS j WHERE j.run_id = g.run_id) AS rejected,
    (
        SELECT count(*) FROM gate_results AS e WHERE e.run_id = g.run_id AND NOT e.passed
    ) AS gates_failed,
    (SELECT count(*) FROM articles) AS articles,
    (SELECT count(*) FROM quotations) AS quotations,
    (SELECT count(*) FROM speakers) AS speakers,
    (SELECT count(*) FROM statements WHERE statements.quotations > 0) AS statements
FROM generations AS g
LEFT JOIN runs AS r USING (run_id)
WHERE g.generation = (SELECT max(generation) FROM generations);
