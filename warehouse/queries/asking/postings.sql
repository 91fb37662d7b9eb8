-- Which documents hold some terms. By their numbers only the few blocks are read that hold them.
SELECT docid AS document, termid AS term FROM fts_main_quotations.terms WHERE termid IN (SELECT unnest($terms))
