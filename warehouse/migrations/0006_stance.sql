-- Whether the words were said, as the text tells, and by which of its words; through whom they come; who else may have
-- said them. NULL in rows of before.

ALTER TABLE quotations ADD COLUMN stance VARCHAR;
ALTER TABLE quotations ADD COLUMN stance_start BIGINT;
ALTER TABLE quotations ADD COLUMN stance_end BIGINT;
ALTER TABLE quotations ADD COLUMN via VARCHAR;
ALTER TABLE quotations ADD COLUMN candidates STRUCT(name VARCHAR, share DOUBLE)[];
ALTER TABLE statements ADD COLUMN stance VARCHAR;
