-- resolve_statement(id): the statement that an identity is today, merges followed; NULL for one that never was.
CREATE MACRO resolve_statement(id) AS (
    SELECT n.now_id FROM statement_now AS n WHERE n.statement_id = id
);
