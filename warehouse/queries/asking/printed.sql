-- The articles in which some quotations stand, by the hashes of their identities.
SELECT DISTINCT hash(article_id) AS article FROM quotations WHERE rowid IN (SELECT unnest($places))
