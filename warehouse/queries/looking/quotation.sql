-- One quotation with its speaker, its statement and what the record knows of the place where it stands, all by
-- their places.
SELECT
    q.quotation_id, q.article_id, q.start, q."end", q.text, q.spans, q.content, q.type,
    q.cue, q.cue_start, q.cue_end, q.cue_class,
    q.mention, q.mention_start, q.mention_end, q.name, q.speaker_kind, q.unresolved,
    q.confidence, q.confidence >= coalesce(CAST(least.value AS DOUBLE), 0.0) AS sure,
    q.in_headline, q.translated, q.written, q.nested_in, q.told, q.said_on,
    coalesce(q.stance, 'asserted') AS stance, q.stance_start, q.stance_end, q.via, q.candidates,
    q.speaker_id, s.name AS speaker, s.descriptors[1] AS descriptor,
    m.statement_id, m.similarity, m.difference,
    if(st.stance = 'denied', 'denies: ', '') || st.text AS statement,
    st.outlets AS statement_outlets, st.quotations AS statement_quotations,
    text_fragment(a.url, q.text) AS link
FROM (SELECT * FROM quotations WHERE rowid = $place AND quotation_id = $quotation) AS q
JOIN (SELECT article_id, url FROM articles WHERE rowid = $article) AS a ON a.article_id = q.article_id
LEFT JOIN meta AS least ON least.key = 'confidence ' || q.type
LEFT JOIN speakers AS s ON s.speaker_id = q.speaker_id
LEFT JOIN (SELECT * FROM statement_members WHERE rowid = $member) AS m ON m.quotation_id = q.quotation_id
LEFT JOIN (SELECT * FROM statements WHERE rowid = $statement) AS st ON st.statement_id = m.statement_id
