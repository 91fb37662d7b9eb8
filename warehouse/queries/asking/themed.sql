-- Where the themes of each statement stand, by the hash of its identity.
SELECT rowid AS place, hash(statement_id) AS key FROM theme_members
