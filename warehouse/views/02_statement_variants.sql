-- One wording of a statement: who prints it so, and how it differs from the representative wording; the
-- wordings of a statement together, the likest first. Of an article of which there are versions, the newest.
-- statement_id: The statement
-- statement: Its representative wording
-- speaker: Who said it; NULL where unresolved
-- wording: This wording
-- difference: How it differs: same, cut, extended, altered, translated
-- similarity: Likeness to the representative wording, 0 to 1
-- outlets: The outlets that print it so, copies of the article included, in order of their names
-- quotations: How many quotations have it, those of copies not counted again
-- first_published: When it was first published so, UTC
-- links: Where to read it, in order
-- statement_outlets: How many outlets report the statement in any wording
CREATE VIEW statement_variants AS
SELECT
    m.statement_id,
    any_value(if(st.stance = 'denied', 'denies: ', '') || st.text) AS statement,
    any_value(s.name) AS speaker,
    any_value(if(st.stance = 'denied', 'denies: ', '')) || min(q.content) AS wording,
    arg_max(m.difference, (m.similarity, m.quotation_id)) AS difference,
    max(m.similarity) AS similarity,
    coalesce(
        list_sort(list(DISTINCT c.outlet) FILTER (WHERE c.outlet IS NOT NULL)), []
    ) AS outlets,
    count(DISTINCT (q.original_id, q.time)) AS quotations,
    min(c.published_at) AS first_published,
    list_sort(list(DISTINCT c.link)) AS links,
    any_value(st.outlets) AS statement_outlets
FROM statement_members AS m
JOIN statements AS st USING (statement_id)
JOIN (
    SELECT
        p.quotation_id, p.article_id, p.utterance_id, p.content, o.original_id,
        -- Which time the article has it: the copy's first is the original's first.
        row_number() OVER (PARTITION BY p.article_id, p.utterance_id ORDER BY p.start, p."end") AS time
    FROM quotations AS p
    JOIN originals AS o ON o.article_id = p.article_id AND o.newest
) AS q ON q.quotation_id = m.quotation_id
JOIN carriers AS c ON c.article_id = q.article_id
LEFT JOIN speakers AS s ON s.speaker_id = st.speaker_id
GROUP BY m.statement_id, q.utterance_id
ORDER BY statement, m.statement_id, similarity DESC, wording, q.utterance_id;
