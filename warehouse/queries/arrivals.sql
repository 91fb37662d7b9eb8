-- What the latest run brought: articles new, changed (new versions of known ones) and unchanged; and which of them copy.
SELECT new_articles - changed_articles AS new, changed_articles AS changed, known_articles AS unchanged, copies
FROM latest_run
