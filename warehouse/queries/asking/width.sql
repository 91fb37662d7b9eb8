-- How wide the vectors of a model are: one row is enough, since the gates see to it that all are alike.
SELECT len(u.embedding) AS width FROM utterances AS u WHERE u.model = $model LIMIT 1
