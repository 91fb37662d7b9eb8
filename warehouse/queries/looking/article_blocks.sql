-- What each span of an article is, in order.
SELECT start, "end", kind, confidence FROM blocks WHERE article_id = $article ORDER BY start
