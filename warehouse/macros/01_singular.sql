-- singular(word): an English plural as its singular, every other word as it is (the S stemmer of Harman, "How
-- effective is suffixing?", 1991), so that a search for "cables" finds "cable" and no other language is mangled.
CREATE MACRO singular(word) AS
CASE
    WHEN length(word) > 4 AND word LIKE '%ies' AND word NOT LIKE '%eies' AND word NOT LIKE '%aies'
        THEN left(word, -3) || 'y'
    WHEN length(word) > 3 AND word LIKE '%es' AND word NOT LIKE '%aes' AND word NOT LIKE '%ees'
        AND word NOT LIKE '%oes'
        THEN left(word, -1)
    WHEN length(word) > 3 AND word LIKE '%s' AND word NOT LIKE '%us' AND word NOT LIKE '%ss'
        THEN left(word, -1)
    ELSE word
END;
