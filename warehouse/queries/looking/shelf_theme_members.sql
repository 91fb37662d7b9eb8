-- Which statements each theme holds.
SELECT hash(theme_id) AS theme, hash(statement_id) AS statement, CAST(similarity AS FLOAT) AS similarity FROM theme_members
