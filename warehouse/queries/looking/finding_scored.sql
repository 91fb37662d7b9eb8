-- What fits the words, for the filters.
CREATE OR REPLACE TEMP VIEW hits AS
FROM scored
