-- Which of some quotations hold a phrase, as the full-text index cuts words: letters and digits, without case and accents.
-- Read before they are looked at, hence materialized: else all that there are would be looked at.
WITH asked AS MATERIALIZED (
    SELECT rowid AS place, content FROM quotations WHERE rowid IN (SELECT unnest($places))
)
SELECT a.place
FROM asked AS a
WHERE regexp_matches(
    ' ' || lower(strip_accents(a.content)) || ' ',
    '[^\p{L}\p{N}]' || replace($phrase, ' ', '[^\p{L}\p{N}]+') || '[^\p{L}\p{N}]'
)
