-- Each gate over all runs on record: how many runs, rules and failures.
SELECT stage, count(DISTINCT run_id) AS runs, count(*) AS rules, count(*) FILTER (WHERE NOT passed) AS failed
FROM gate_results
GROUP BY stage
ORDER BY list_position(['ingest', 'clean', 'embed', 'cluster', 'load'], stage)
