-- Who carries the text of an article, word for word and in its newest version: its own outlet, and those of the copies
-- that were found of it. A copy that was cut or altered stands for itself alone.
-- article_id: The article whose text it is
-- carrier_id: The article that carries it: the same one, or a copy
-- outlet: The outlet that carries it
-- link: Where to read it there: the address, else the source it came from
-- published_at: When it was published there, UTC
CREATE VIEW carriers AS
WITH newest AS (
    SELECT article_id, duplicate_of, content_hash, outlet, coalesce(url, source) AS link, published_at
    FROM articles AS a
    WHERE NOT EXISTS (SELECT 1 FROM articles AS n WHERE n.supersedes = a.article_id)
)
SELECT article_id, article_id AS carrier_id, outlet, link, published_at
FROM newest
UNION ALL
SELECT o.article_id, c.article_id, c.outlet, c.link, c.published_at
FROM newest AS c
JOIN newest AS o ON o.article_id = c.duplicate_of AND o.content_hash = c.content_hash;
