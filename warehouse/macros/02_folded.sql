-- folded(words): the words without case, accents and a possessive's ending, so that "Zoë Müller's" is "zoe muller".
CREATE MACRO folded(words) AS
regexp_replace(translate(lower(strip_accents(trim(words))), '’øłđı', '''oldi'), '''s$', '');
