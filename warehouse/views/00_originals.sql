-- Where every article comes from: what a copy copies, of that the first version. What articles of one original say is
-- said once, so counts are of originals.
-- article_id: The article
-- original_id: The first version of what it copies or is a version of; itself where it is neither
-- newest: Whether no later version supersedes it
CREATE VIEW originals AS
WITH RECURSIVE walk AS (
    SELECT article_id, coalesce(duplicate_of, supersedes) AS at_id
    FROM articles
    WHERE coalesce(duplicate_of, supersedes) IS NOT NULL
    -- UNION, so that a loop in a damaged file ends.
    UNION
    SELECT w.article_id, coalesce(a.duplicate_of, a.supersedes)
    FROM walk AS w
    JOIN articles AS a ON a.article_id = w.at_id
    WHERE coalesce(a.duplicate_of, a.supersedes) IS NOT NULL
)
SELECT
    a.article_id,
    coalesce(o.article_id, a.article_id) AS original_id,
    NOT EXISTS (SELECT 1 FROM articles AS n WHERE n.supersedes = a.article_id) AS newest
FROM articles AS a
LEFT JOIN (
    walk AS w
    JOIN articles AS o ON o.article_id = w.at_id AND coalesce(o.duplicate_of, o.supersedes) IS NULL
) ON w.article_id = a.article_id;
