-- One article, its text whole.
SELECT
    article_id, source, place, outlet, url, title, author, published_at, updated_at, language, text, duplicate_of,
    duplicate_share, supersedes, first_run_id
FROM articles
WHERE rowid = $place AND article_id = $article
