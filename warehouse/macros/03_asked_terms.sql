-- asked_terms(query): the terms of the full-text index that a query asks for: its telling words, plurals folded, or, where it
-- has function words alone, those as a phrase. With each the number of its word (that of its first term, since numbers are
-- counted faster than words), how many words are asked for, and the phrase.
CREATE MACRO asked_terms(query) AS TABLE
WITH tokens AS (
    SELECT
        token,
        -- "don't" is cut into "don" and "t" by the index: of such a word nothing tells, of "Don" it does.
        is_function_word(token) OR NOT list_contains(
            fts_main_quotations.tokenize(regexp_replace(query, '\p{L}+n[''’]t\b', ' ', 'gi')), token
        ) AS is_function
    FROM (SELECT unnest(fts_main_quotations.tokenize(query)) AS token)
    WHERE token <> ''
),
phrase AS (
    SELECT string_agg(token, ' ') AS words
    FROM tokens
    HAVING bool_and(is_function)
),
asked AS (
    SELECT DISTINCT singular(token) AS word
    FROM tokens
    WHERE NOT is_function OR EXISTS (FROM phrase)
),
vocabulary AS (
    SELECT DISTINCT d.termid, min(d.termid) OVER (PARTITION BY asked.word) AS word_id
    FROM fts_main_quotations.dict AS d
    -- Whatever may be a word's plural is looked up, since to fold every term of the index takes longer.
    JOIN (SELECT word, unnest([word, word || 's', left(word, -1) || 'ies']) AS term FROM asked) AS asked USING (term)
    WHERE asked.word = singular(d.term)
)
SELECT v.termid, v.word_id, (SELECT count(*) FROM asked) AS asked, (SELECT p.words FROM phrase AS p) AS phrase
FROM vocabulary AS v;
