-- What somebody says is no quotation leaves the quotations, and what was not said leaves its statement.
DELETE FROM quotations WHERE quotation_id IN (SELECT d.quotation_id FROM dismissed_quotations AS d);

DELETE FROM variant_changes WHERE quotation_id IN (
    SELECT m.quotation_id FROM statement_members AS m
    LEFT JOIN quotations AS q ON q.quotation_id = m.quotation_id
    WHERE q.quotation_id IS NULL OR q.stance NOT IN ('asserted', 'denied')
);

DELETE FROM statement_members WHERE quotation_id IN (
    SELECT m.quotation_id FROM statement_members AS m
    LEFT JOIN quotations AS q ON q.quotation_id = m.quotation_id
    WHERE q.quotation_id IS NULL OR q.stance NOT IN ('asserted', 'denied')
);
