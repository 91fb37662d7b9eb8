-- share_of_best(score): a score as a share of the best one among all rows, which is 1; 0 where no row scores.
CREATE MACRO share_of_best(score) AS
coalesce(score / nullif(max(score) OVER (), 0), 0);
