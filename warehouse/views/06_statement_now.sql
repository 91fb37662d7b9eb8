-- Where an identity leads: every statement that there ever was, and the one that reports it now. Merges are followed, the
-- last one of each identity; an identity whose statement was founded again, or was split off, leads to itself. What nobody
-- says any more, since somebody corrected all that reported it, leads nowhere.
-- statement_id: An identity, in use or given up
-- now_id: The statement that it is today
CREATE VIEW statement_now AS
WITH RECURSIVE last_move AS (
    SELECT statement_id, arg_max_null(into_id, run_id) AS into_id
    FROM statement_moves
    GROUP BY statement_id
),
walk AS (
    -- Whoever is reported leads to itself, and those that never moved nowhere.
    SELECT statement_id, statement_id AS at_id
    FROM last_move
    SEMI JOIN statements USING (statement_id)
    ANTI JOIN statement_members USING (statement_id)
    -- UNION, so that a loop in a damaged file ends.
    UNION
    SELECT w.statement_id, l.into_id
    FROM walk AS w
    JOIN last_move AS l ON l.statement_id = w.at_id
    WHERE w.at_id NOT IN (SELECT statement_id FROM statement_members)
)
SELECT statement_id, statement_id AS now_id
FROM statements
SEMI JOIN statement_members USING (statement_id)
UNION ALL
SELECT w.statement_id, w.at_id AS now_id
FROM walk AS w
WHERE w.at_id IN (SELECT statement_id FROM statement_members);
