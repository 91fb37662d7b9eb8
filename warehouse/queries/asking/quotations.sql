-- Where each quotation stands: its place in the table, by the hash of its identity; and its rank among all identities.
SELECT rowid AS place, hash(quotation_id) AS key, row_number() OVER (ORDER BY quotation_id) AS rank FROM quotations
