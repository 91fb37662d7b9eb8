-- Every stage of every run with its count: rows in = rows out + rejected + duplicates, exactly.
-- run_id: The run
-- started_at: When the run started, UTC
-- stage: The stage
-- rows_in: What it took, in the unit that it takes
-- rows_out: How many of those it carried on
-- rejected: How many it refused
-- duplicates: How many were known already
-- yielded: What it made of them: quotations, vectors, statements, rows
-- balanced: Whether nothing was lost and nothing doubled
-- seconds: Time taken by the stage alone
-- gate_seconds: Time taken by its gate
CREATE VIEW accounting AS
SELECT
    c.run_id,
    r.started_at,
    c.stage,
    c.rows_in,
    c.rows_out,
    c.rejected,
    c.duplicates,
    c.yielded,
    c.rows_in = c.rows_out + c.rejected + c.duplicates AS balanced,
    c.seconds,
    c.gate_seconds
FROM stage_runs AS c
LEFT JOIN runs AS r USING (run_id)
ORDER BY r.started_at, c.run_id, list_position(['ingest', 'clean', 'embed', 'cluster', 'load'], c.stage);
