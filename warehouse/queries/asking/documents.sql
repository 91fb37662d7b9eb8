-- The documents of the full-text index: the hashes of the quotations they are, and how many words they have.
SELECT docid AS document, hash(name) AS key, len AS words FROM fts_main_quotations.docs
