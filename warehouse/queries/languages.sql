-- Articles in other languages than English, and how many of their quotations have no speaker because of it.
SELECT
    language,
    count(*)::BIGINT AS articles,
    count(*) FILTER (unread)::BIGINT AS unread
FROM (
    SELECT
        a.article_id,
        a.language,
        coalesce(bool_or(q.unresolved = 'language'), FALSE) AS unread
    FROM articles a LEFT JOIN quotations q USING (article_id)
    WHERE a.language <> 'en'
    GROUP BY ALL
)
GROUP BY language
ORDER BY articles DESC, language
