"""Near-copies: what is one article and what only looks like one."""

from __future__ import annotations

import random
from itertools import product
from typing import Any

import numpy as np
import polars as pl
import pytest

from onrecord.pipeline.copies.copying import find_copies
from onrecord.pipeline.copies.sketches import KEPT, Sample, bodies, reach, share, sketches
from onrecord.pipeline.core.contracts import ARTICLES
from onrecord.pipeline.core.ids import content_hash

WORDS = ["".join(parts) for parts in product("kptvrs", "aeio", "lnm", "aeou", ("", "s", "r"))]


def prose(seed: str, words: int = 300) -> str:
    chosen = random.Random(seed)
    return " ".join(chosen.choices(WORDS, k=words))


def cut(text: str, start: float, end: float) -> str:
    words = text.split()
    return " ".join(words[int(len(words) * start) : int(len(words) * end)])


def article(name: str, body: str, outlet: str | None = None, **others: Any) -> dict[str, Any]:
    return {
        "article_id": name,
        "outlet": outlet or f"outlet of {name}",
        "content_hash": content_hash(body),
        "sketch": sketches([body])[0].to_list(),
        "first_run_id": "r1",
        **others,
    }


def frame(articles: list[dict[str, Any]]) -> pl.DataFrame:
    columns = (*articles[0], "duplicate_of", "duplicate_share", "supersedes")
    wanted = {name: ARTICLES.schema[name] for name in columns}
    return pl.DataFrame(articles, schema=wanted)


def found(
    *articles: dict[str, Any], known: int = 0, first_version: dict[str, str] | None = None
) -> dict[str, str]:
    """What each article copies; the first `known` of them come in with a run before."""
    rows = frame(list(articles))
    before = rows.head(known)
    if known:
        copies = find_copies(before, frame([article("none", "")]).head(0).lazy(), {})
        before = before.drop(*copies.columns[1:]).join(copies, on="article_id", how="left")
    made = find_copies(rows.slice(known), before.lazy(), first_version or {})
    assert made["duplicate_share"].is_between(0.5, 1).all()
    return dict(made.select("article_id", "duplicate_of").iter_rows())


A, B = prose("the bridge"), prose("the harbour")


@pytest.mark.parametrize("known", [0, 1, 2])
def test_cut_copies_and_copies_among_other_text_are_found_in_one_run_and_across_runs(
    known: int,
) -> None:
    copies = {
        "cut": cut(A, 0.4, 0.7),
        "framed": f"{prose('menu')} {A} {prose('footer')}",
        "both": f"{prose('another menu', 60)} {cut(A, 0, 0.5)}",
        "same": A,
        "invisible": A.replace("a", "a\u00ad").upper(),
    }
    told = [article("a", A), article("b", B), *(article(*copy) for copy in copies.items())]
    assert {k: v for k, v in found(*told, known=known).items() if k != "b"} == dict.fromkeys(
        copies, "a"
    )


def test_a_copy_points_at_the_first_seen_and_never_at_a_copy() -> None:
    told = [article("cut", cut(A, 0, 0.4)), article("a", A), article("again", cut(A, 0.2, 1))]
    # The whole is a copy of the part that was seen first; what overlaps the part by half of it is too.
    assert found(*told) == {"a": "cut", "again": "cut"}
    assert found(*told, known=2) == {"again": "cut"}
    same = [article("a", A), article("near", cut(A, 0.1, 1)), article("same", cut(A, 0.1, 1))]
    assert found(*same) == {"near": "a", "same": "a"}
    assert found(*same, known=2) == {"same": "a"}


def test_pages_of_one_outlet_with_the_same_frame_are_no_copies() -> None:
    frame_words = prose("notice", 180)
    pages = [
        article(f"p{at}", f"{frame_words} {prose(f'news {at}', 120)}", "The Pier")
        for at in range(6)
    ]
    assert found(*pages) == {}
    assert found(*pages, known=3) == {}
    # Once it is known for a frame it is no evidence between outlets either.
    other = article("x", f"{frame_words} {prose('elsewhere', 60)}", "The Quay")
    assert found(*pages, other, known=6) == {}


def test_templates_are_no_copies() -> None:
    def weather(at: int) -> dict[str, Any]:
        chosen = random.Random(at)
        place, low, high = chosen.choice(WORDS), chosen.randrange(9), chosen.randrange(10, 30)
        text = (
            f"Weather for {place}: The night stays dry with {low} degrees. By day {high} degrees and wind of"
            f" force {low + 1} from the {chosen.choice(WORDS)}. Tomorrow will bring {chosen.choice(WORDS)} in the"
            f" morning and {high + 2} degrees; the outlook for {chosen.choice(WORDS)} is {chosen.choice(WORDS)}."
        )
        return article(f"w{at}", text, "The Vane" if at % 2 else "The Cock")

    assert found(*(weather(at) for at in range(20))) == {}


def test_short_texts_need_more_than_a_common_sentence() -> None:
    said = "The gates stay shut until the last of the seven surveys has been read to the council"
    one = article("one", f"{said}, the warden said on Monday before the sitting began.")
    two = article(
        "two", f"Nobody was pleased. {said}. So spoke the warden to reporters at noon today."
    )
    assert found(one, two) == {}
    assert found(one, article("two", f"{said}, the warden said on Monday before the sitting.")) == {
        "two": "one"
    }


def test_a_version_is_no_copy_of_another_and_may_be_copied() -> None:
    longer = f"{A} {prose('added later', 200)}"
    told = [article("v1", A), article("v2", longer), article("c", cut(longer, 0.5, 1))]
    first = {"v2": "v1"}
    assert found(*told, first_version=first) == {"c": "v2"}
    assert found(*told, known=1, first_version=first) == {"c": "v2"}
    # Many versions of one page do not make its text a standing phrase.
    many = [article(f"v{at}", f"{A} {prose(f'live {at}', 9)}") for at in range(8)]
    first = {f"v{at}": "v0" for at in range(1, 8)}
    assert set(found(*many, article("c", A), first_version=first)) == {"c"}


def test_texts_without_words_are_told_by_their_hash_alone() -> None:
    assert found(article("a", "Yes."), article("b", "Yes."), article("c", "No.")) == {"b": "a"}
    assert found(article("a", ""), article("b", "Oh no")) == {}


def test_a_sketch_is_the_same_for_ever_and_estimates_the_share() -> None:
    (short,) = sketches(["One two three four five six."]).to_list()
    assert short == [2066491672461546742, 8048786141101083188]
    long = f"{A} {prose('more', 3000)}"
    half = f"{cut(long, 0, 0.5)} {prose('other', 1650)}"
    one, two = (np.array(sketch, np.int64) for sketch in sketches([long, half]).to_list())
    assert len(one) == KEPT
    assert share(Sample(one, reach(one)), Sample(two, reach(two))) == pytest.approx(0.5, abs=0.15)


def test_a_body_is_its_blocks() -> None:
    one, two = "The first line has six words.", "The second line has six words too."
    text = f"Menu\n{one}\nAdvert\n{two}"
    spans = [(0, 4, "navigation"), (5, 34, "body"), (35, 41, "advert"), (42, 76, "body")]
    blocks = pl.DataFrame(
        [("a", *span) for span in spans],
        schema=["article_id", "start", "end", "kind"],
        orient="row",
    )
    articles = pl.DataFrame({"article_id": ["a", "b"], "text": [text, "Nothing marked"]})
    assert bodies(articles, blocks) == [f"{one}\n{two}", "Nothing marked"]
