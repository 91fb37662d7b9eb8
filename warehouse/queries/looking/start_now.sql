-- The generation that stands: the run that made it, what it brought and what the record holds.
SELECT
    generation, run_id, started_at, published_at, version, new_articles, changed_articles, copies, known_articles,
    new_quotations, rejected, gates_failed, articles, quotations, speakers, statements
FROM latest_run
