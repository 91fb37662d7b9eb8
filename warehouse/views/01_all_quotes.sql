-- Every quotation with all that one asks of it, also those of which it is doubtful whether they are one, or whose: who said
-- what, when, where it stands, and what else is like it. Of an article of which there are versions, those of the newest.
-- quotation_id: Identity of the quotation
-- words: The words alone; before them "denies:", "not said:", "supposed:" or "asked:" where they were not simply said
-- text: The span verbatim, as the article prints it
-- type: direct (wholly in marks), mixed (partly), indirect (none)
-- speaker: Who said it, by the name used across articles; NULL where unresolved
-- speaker_id: Identity of the speaker; NULL where unresolved
-- mention: The speaker as printed beside the words
-- descriptor: The role or title most often given to the speaker
-- cue: The verb or phrase that reports, as printed
-- cue_class: How it was uttered, by the cue: spoken, written, gestured, unknown
-- day: The day it was said, where the text tells it, else the day it was published
-- said_on: The day it was said; NULL where the text does not tell
-- published_at: When the article was published, UTC
-- outlet: Who published the article
-- title: Title of the article
-- link: Where to read it: the article's address, else the source it came from
-- language: Language of the article, ISO 639-1
-- copy_of: The article that its article copies; NULL for an original: take those alone where quotations are counted
-- article_id: The article; substr(articles.text, start + 1, "end" - start) is the text
-- start: First character of the span in the article's text, from 0
-- end: One past its last character
-- in_headline: Whether it stands in the headline
-- translated: Whether it was said in another language, as the article tells
-- written: Whether it was written rather than spoken
-- told: To whom or what it was told, as printed
-- stance: asserted, denied (is not so, the speaker says), unsaid (was not said), supposed (would say, if) or asked (of them)
-- stance_words: The words of the article that tell the stance; NULL where it is asserted
-- via: The outlet, document or person that quotes the speaker, as printed
-- candidates: Whom the words may be of where more than one is in question, the likeliest first, each with a probability
-- statement_id: The statement that it reports
-- statement: The statement in its representative wording
-- difference: How these words differ from those: same, cut, extended, altered, translated
-- similarity: Likeness of these words to those, 0 to 1
-- theme_id: The narrowest theme of the statement
-- theme: Label of that theme
-- broad_theme: Label of the broader theme that it belongs to
-- confidence: Probability that span and speaker are both right
-- kind: What the speaker is: person, organisation, group, unnamed; NULL where nothing tells
-- reason: Why no speaker is named; NULL where one is
-- url: The article's address with a text fragment, at which a browser goes to the words; NULL where it has no address
-- shown: Whether the view quotes has it: its confidence is at least what the setting show.confidence asks for its type
CREATE VIEW all_quotes AS
WITH theme_of AS (
    SELECT
        m.statement_id,
        arg_max(t.theme_id, m.similarity + if(t.parent_id IS NOT NULL, 2, 0)) AS theme_id
    FROM theme_members AS m
    JOIN themes AS t USING (theme_id)
    GROUP BY m.statement_id
)
SELECT
    q.quotation_id,
    CASE q.stance
        WHEN 'denied' THEN 'denies: ' WHEN 'unsaid' THEN 'not said: '
        WHEN 'supposed' THEN 'supposed: ' WHEN 'asked' THEN 'asked: ' ELSE ''
    END || q.content AS words,
    q.text,
    q.type,
    s.name AS speaker,
    q.speaker_id,
    q.mention,
    s.descriptors[1] AS descriptor,
    q.cue,
    q.cue_class,
    coalesce(q.said_on, CAST(a.published_at + to_minutes(coalesce(a.published_offset, 0)) AS DATE)) AS day,
    q.said_on,
    a.published_at,
    a.outlet,
    a.title,
    coalesce(a.url, a.source) AS link,
    a.language,
    a.duplicate_of AS copy_of,
    q.article_id,
    q.start,
    q."end",
    q.in_headline,
    q.translated,
    q.written,
    q.told,
    coalesce(q.stance, 'asserted') AS stance,
    substr(a.text, q.stance_start + 1, q.stance_end - q.stance_start) AS stance_words,
    q.via,
    q.candidates,
    m.statement_id,
    if(st.stance = 'denied', 'denies: ', '') || st.text AS statement,
    m.difference,
    m.similarity,
    theme_of.theme_id,
    t.label AS theme,
    coalesce(broad.label, t.label) AS broad_theme,
    q.confidence,
    q.speaker_kind AS kind,
    q.unresolved AS reason,
    text_fragment(a.url, q.text) AS url,
    q.confidence >= coalesce(CAST(least.value AS DOUBLE), 0.0) AS shown
FROM quotations AS q
JOIN articles AS a USING (article_id)
LEFT JOIN speakers AS s ON s.speaker_id = q.speaker_id
LEFT JOIN statement_members AS m ON m.quotation_id = q.quotation_id
LEFT JOIN statements AS st ON st.statement_id = m.statement_id
LEFT JOIN meta AS least ON least.key = 'confidence ' || q.type
LEFT JOIN theme_of ON theme_of.statement_id = m.statement_id
LEFT JOIN themes AS t ON t.theme_id = theme_of.theme_id
LEFT JOIN themes AS broad ON broad.theme_id = t.parent_id
WHERE NOT EXISTS (SELECT 1 FROM articles AS n WHERE n.supersedes = a.article_id);
