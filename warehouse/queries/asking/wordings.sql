-- Where quotations of each wording stand, by what a wording is called in the kept lists of vectors.
SELECT rowid AS place, CAST('0x' || left(utterance_id, 15) AS BIGINT) AS key FROM quotations
