-- Where articles stand, by the hashes of their identities and of those that they copy and follow; 0 for none.
SELECT
    rowid AS place,
    hash(article_id) AS key,
    if(duplicate_of IS NULL, 0, hash(duplicate_of)) AS copied,
    if(supersedes IS NULL, 0, hash(supersedes)) AS followed
FROM articles
