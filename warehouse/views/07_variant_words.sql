-- Which outlets altered a quotation, and how: one change of wording in one place, for each article that prints it, copies
-- included. Case, marks and white space do not count.
-- statement_id: The statement
-- speaker: Who said it; NULL where unresolved
-- outlet: The outlet that prints the words so
-- kind: cut (left out), added, or replaced
-- text: What the statement's representative wording says there; empty where words were added
-- other_text: What the outlet prints; empty where words were cut
-- position: Which of the quotation's changes, in order, from 0
-- start: First character in the statement's wording, from 0
-- end: One past the last character
-- other_start: First character in the outlet's wording, from 0
-- other_end: One past the last character
-- statement: The statement in its representative wording
-- wording: The outlet's wording as a whole
-- in_headline: Whether it stands in the headline
-- published_at: When it was published there, UTC
-- link: Where to read it there
-- quotation_id: The quotation that has this wording
CREATE VIEW variant_words AS
SELECT
    v.statement_id,
    s.name AS speaker,
    a.outlet,
    v.kind,
    v.text,
    v.other_text,
    v.position,
    v.start,
    v."end",
    v.other_start,
    v.other_end,
    st.text AS statement,
    q.content AS wording,
    q.in_headline,
    a.published_at,
    coalesce(a.url, a.source) AS link,
    v.quotation_id
FROM variant_changes AS v
JOIN statements AS st ON st.statement_id = v.statement_id
JOIN quotations AS q ON q.quotation_id = v.quotation_id
JOIN articles AS a ON a.article_id = q.article_id
LEFT JOIN speakers AS s ON s.speaker_id = st.speaker_id
WHERE NOT EXISTS (SELECT 1 FROM articles AS n WHERE n.supersedes = a.article_id);
