-- Who carries a statement, in order of publication.
SELECT
    c.place, c.outlet, c.published_at, epoch(c.after) AS seconds_after,
    date_diff('day', min(c.published_at) OVER (), c.published_at) AS days_after, c.words, c.difference, c.copy_of, c.copied_from,
    c.share, c.via, c.link, c.article_id, c.quotation_id, q.utterance_id, q.in_headline, q.type, a.title,
    text_fragment(a.url, if(q.article_id = a.article_id, q.text, q.content)) AS address
FROM carried AS c
JOIN quotations AS q ON q.quotation_id = c.quotation_id
JOIN articles AS a ON a.article_id = c.article_id
WHERE c.statement_id = $statement
ORDER BY c.place NULLS LAST, c.published_at, c.copy_of IS NOT NULL, c.outlet, c.article_id
LIMIT 2000
