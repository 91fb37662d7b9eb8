-- Who carries the text of an article: its own outlet, and those of the copies that were found of it.
-- article_id: The article whose text it is
-- carrier_id: The article that carries it: the same one, or a copy
-- outlet: The outlet that carries it
-- link: Where to read it there: the address, else the source it came from
-- published_at: When it was published there, UTC
CREATE VIEW carriers AS
SELECT
    coalesce(a.duplicate_of, a.article_id) AS article_id,
    a.article_id AS carrier_id,
    a.outlet,
    coalesce(a.url, a.source) AS link,
    a.published_at
FROM articles AS a
UNION ALL
-- A copy that has quotations of its own stands for itself too.
SELECT a.article_id, a.article_id, a.outlet, coalesce(a.url, a.source), a.published_at
FROM articles AS a
WHERE a.duplicate_of IS NOT NULL;
