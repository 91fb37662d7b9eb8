-- What a file of the last {months} months holds: articles from so long before the newest, and with them whole what
-- is said in them: a statement with all its reports, however old, and what stands for its theme. Of an older article
-- that such a statement reaches back to, only what belongs to it comes along. An article without a date is of the day of
-- its run.
CREATE TEMP TABLE window_fresh AS
SELECT article_id
FROM of_articles AS a
LEFT JOIN of_runs AS r ON r.run_id = a.first_run_id
WHERE coalesce(a.published_at, r.started_at)
    >= (SELECT least(max(published_at), max((SELECT max(started_at) FROM of_runs))) FROM of_articles) - INTERVAL {months} MONTH;

CREATE TEMP TABLE window_statements AS
WITH said AS (
    SELECT DISTINCT statement_id
    FROM of_statement_members
    JOIN of_quotations USING (quotation_id)
    WHERE article_id IN (FROM window_fresh)
)
FROM said
UNION
SELECT t.statement_id
FROM of_themes AS t
WHERE theme_id IN (SELECT theme_id FROM of_theme_members JOIN said USING (statement_id));

CREATE TEMP TABLE window_quotations AS
WITH RECURSIVE found AS (
    SELECT quotation_id FROM of_quotations WHERE article_id IN (FROM window_fresh)
    UNION
    SELECT quotation_id FROM of_statement_members WHERE statement_id IN (FROM window_statements)
    UNION
    SELECT q.nested_in FROM of_quotations AS q JOIN found USING (quotation_id) WHERE q.nested_in IS NOT NULL
)
FROM found;

-- A quotation around another one may be of a statement of its own.
INSERT INTO window_statements
SELECT DISTINCT statement_id FROM of_statement_members
WHERE quotation_id IN (FROM window_quotations) AND statement_id NOT IN (FROM window_statements);

CREATE TEMP TABLE window_articles AS
WITH RECURSIVE found AS (
    FROM window_fresh
    UNION
    SELECT article_id FROM of_quotations WHERE quotation_id IN (FROM window_quotations)
    UNION
    SELECT coalesce(a.duplicate_of, a.supersedes)
    FROM of_articles AS a JOIN found USING (article_id)
    WHERE coalesce(a.duplicate_of, a.supersedes) IS NOT NULL
)
FROM found;

CREATE TEMP TABLE window_utterances AS
SELECT DISTINCT utterance_id FROM of_quotations WHERE quotation_id IN (FROM window_quotations);

CREATE TEMP TABLE window_speakers AS
WITH RECURSIVE found AS (
    SELECT speaker_id FROM of_quotations WHERE quotation_id IN (FROM window_quotations) AND speaker_id IS NOT NULL
    UNION
    SELECT speaker_id FROM of_statements WHERE statement_id IN (FROM window_statements) AND speaker_id IS NOT NULL
    UNION
    SELECT s.same_as FROM of_speakers AS s JOIN found USING (speaker_id) WHERE s.same_as IS NOT NULL
)
FROM found;

CREATE TEMP TABLE window_themes AS
WITH RECURSIVE found AS (
    SELECT DISTINCT theme_id FROM of_theme_members WHERE statement_id IN (FROM window_statements)
    UNION
    SELECT t.parent_id FROM of_themes AS t JOIN found USING (theme_id) WHERE t.parent_id IS NOT NULL
)
FROM found;

-- What stands for a theme above comes along too.
INSERT INTO window_statements
SELECT DISTINCT statement_id FROM of_themes
WHERE theme_id IN (FROM window_themes) AND statement_id NOT IN (FROM window_statements);
