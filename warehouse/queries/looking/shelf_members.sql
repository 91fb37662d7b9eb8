-- Which statement each quotation reports, and how its words differ from the statement's.
SELECT
    CAST(rowid AS INTEGER) AS member,
    hash(quotation_id) AS key,
    hash(statement_id) AS statement,
    CAST(similarity AS FLOAT) AS similarity,
    CAST(coalesce(list_position($difference, difference), 0) AS UTINYINT) AS difference
FROM statement_members
