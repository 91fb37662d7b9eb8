-- Where no words are asked for, everything fits, and alike.
CREATE OR REPLACE TEMP VIEW hits AS
SELECT *, 0.0 AS score FROM memory.main.shelf
