-- What somebody says is no quotation leaves the quotations, and what was not said leaves its statement: of those that the
-- run brings or changes, since all others are as they were.
DELETE FROM quotations WHERE quotation_id IN (SELECT d.quotation_id FROM dismissed_quotations AS d);

CREATE OR REPLACE TEMP TABLE unsaid AS
SELECT m.quotation_id
FROM (SELECT quotation_id FROM statement_members SEMI JOIN words_touched USING (quotation_id)) AS m
LEFT JOIN quotations AS q ON q.quotation_id = m.quotation_id
WHERE q.quotation_id IS NULL OR q.stance NOT IN ('asserted', 'denied');

DELETE FROM variant_changes WHERE quotation_id IN (SELECT u.quotation_id FROM unsaid AS u);

DELETE FROM statement_members WHERE quotation_id IN (SELECT u.quotation_id FROM unsaid AS u);
