-- The statements that a run moved: those that joined another (of which nobody is left), and those that were split off.
SELECT m.statement_id, m.into_id, s.quotations, s.text
FROM statement_moves m
JOIN statements s USING (statement_id)
WHERE m.run_id = ?
ORDER BY m.statement_id
