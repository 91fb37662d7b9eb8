-- What a run changed of the words of quotations, written into the tables of the full-text index as if it had been made
-- whole: words_out are those that went (of a changed quotation the old ones), words_in those that came.
CREATE OR REPLACE TEMP TABLE docs_out AS
SELECT docid FROM fts_main_quotations.docs WHERE name IN (SELECT quotation_id FROM words_out);

CREATE OR REPLACE TEMP TABLE terms_out AS
SELECT termid, count(DISTINCT docid) AS df
FROM fts_main_quotations.terms
WHERE docid IN (SELECT docid FROM docs_out)
GROUP BY termid;

DELETE FROM fts_main_quotations.terms WHERE docid IN (SELECT docid FROM docs_out);
DELETE FROM fts_main_quotations.docs WHERE docid IN (SELECT docid FROM docs_out);

CREATE OR REPLACE TEMP TABLE docs_in AS
SELECT
    (SELECT coalesce(max(docid), -1) FROM fts_main_quotations.docs) + row_number() OVER (ORDER BY quotation_id) AS docid,
    quotation_id AS name,
    fts_main_quotations.tokenize(content) AS words
FROM words_in;

CREATE OR REPLACE TEMP TABLE terms_in AS
SELECT docid, term FROM (SELECT docid, unnest(words) AS term FROM docs_in) WHERE term <> '';

INSERT INTO fts_main_quotations.dict BY NAME
SELECT
    (SELECT coalesce(max(termid), -1) FROM fts_main_quotations.dict) + row_number() OVER (ORDER BY term) AS termid,
    term,
    0 AS df
FROM (SELECT DISTINCT term FROM terms_in)
WHERE term NOT IN (SELECT d.term FROM fts_main_quotations.dict AS d);

UPDATE fts_main_quotations.dict AS d
SET df = d.df + n.df
FROM (
    SELECT termid, sum(df)::BIGINT AS df
    FROM (
        SELECT w.termid, count(DISTINCT t.docid) AS df
        FROM terms_in AS t
        JOIN fts_main_quotations.dict AS w ON w.term = t.term
        GROUP BY w.termid
        UNION ALL
        SELECT termid, -df FROM terms_out
    )
    GROUP BY termid
) AS n
WHERE n.termid = d.termid AND n.df <> 0;

DELETE FROM fts_main_quotations.dict WHERE df = 0;

INSERT INTO fts_main_quotations.terms BY NAME
SELECT t.docid, 0 AS fieldid, d.termid
FROM terms_in AS t
JOIN fts_main_quotations.dict AS d ON d.term = t.term
ORDER BY d.termid, t.docid;

INSERT INTO fts_main_quotations.docs BY NAME
SELECT d.docid, d.name, count(t.term) AS len
FROM docs_in AS d
LEFT JOIN terms_in AS t ON t.docid = d.docid
GROUP BY d.docid, d.name
ORDER BY d.docid;

UPDATE fts_main_quotations.stats
SET num_docs = (SELECT count(*) FROM fts_main_quotations.docs),
    avgdl = (SELECT avg(len) FROM fts_main_quotations.docs);

UPDATE meta
SET value = (
    SELECT (split_part(meta.value, ':', 1)::BIGINT + (SELECT count(*) FROM words_in) - (SELECT count(*) FROM words_out))
        || ':' || bit_xor(digest)
    FROM (
        SELECT split_part(m.value, ':', 2)::UHUGEINT AS digest FROM meta AS m WHERE m.key = 'fulltext'
        UNION ALL SELECT {digest} FROM words_in
        UNION ALL SELECT {digest} FROM words_out
    )
)
WHERE key = 'fulltext';

CREATE OR REPLACE TEMP TABLE appended AS
SELECT coalesce((SELECT value::BIGINT FROM meta WHERE key = 'fulltext appended'), 0) + (SELECT count(*) FROM terms_in) AS n;
DELETE FROM meta WHERE key = 'fulltext appended';
INSERT INTO meta SELECT 'fulltext appended', n::VARCHAR FROM appended WHERE n > 0;
