-- Where the reports of statements stand, by the hashes of the quotation and of the statement.
SELECT rowid AS place, hash(quotation_id) AS quotation, hash(statement_id) AS statement FROM statement_members
