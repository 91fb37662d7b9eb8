"""One article's trouble is its own: what fails or takes too long is a reject, and the others of its batch go on."""

from __future__ import annotations

import time
from typing import Any

import polars as pl
import pytest

from onrecord.pipeline.core.settings import CleanSettings
from onrecord.pipeline.core.weights import WeightsError
from onrecord.pipeline.quotations.extract import default_tagger
from onrecord.pipeline.stages.clean import Cleaned, clean
from tests.support.articles import articles
from tests.support.hostile import hostile

GOOD = "“The ferry will run at night,” the mayor of Kessel said on Friday.\nNobody else spoke."
MARKER = "Xylophonia"
BAD = f"“We will stay in {MARKER} until the spring,” Eva Holm said on Friday.\nThe hall was full."


def fail(monkeypatch: pytest.MonkeyPatch, where: str, error: BaseException) -> None:
    """Let a step of the pipeline raise upon what holds MARKER."""
    module, _, name = where.rpartition(".")
    real = getattr(__import__(module, fromlist=[name]), name)

    def failing(*told: Any, **named: Any) -> Any:
        if MARKER in repr(told):
            raise error
        return real(*told, **named)

    monkeypatch.setattr(where, failing)


def carried(made: Cleaned, taken: pl.DataFrame) -> list[bool]:
    return taken["article_id"].is_in(made.articles.implode()).to_list()


def panic() -> BaseException:
    """A panic of polars as it comes."""
    try:
        pl.DataFrame({"a": [b"x"]}).write_json()
    except BaseException as error:
        return error
    raise AssertionError("polars writes bytes as JSON now: make it panic in another way")


@pytest.mark.parametrize(
    "where",
    [
        "onrecord.pipeline.blocks.line_features.own",
        "onrecord.pipeline.stages.clean.mark",
        "onrecord.pipeline.quotations.tagging.tagger.words",
        "onrecord.pipeline.quotations.extract.segments",
        "onrecord.pipeline.stages.clean._quotations",
        "onrecord.pipeline.stages.clean._blocks",
    ],
)
def test_an_article_that_fails_is_a_reject_and_the_others_go_on(
    where: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    taken = articles(GOOD, BAD, GOOD)
    whole = clean(taken, "r1")
    if where in {
        "onrecord.pipeline.stages.clean._quotations",
        "onrecord.pipeline.stages.clean._blocks",
    }:
        # What the frames are made of holds the article's words or nothing but its identity.
        name = taken["article_id"][1]
        monkeypatch.setattr(f"{__name__}.MARKER", name)
    fail(monkeypatch, where, ZeroDivisionError(f"amid {BAD}"))
    made = clean(taken, "r1")
    assert carried(made, taken) == [True, False, True]
    (told,) = made.rejects.rows(named=True)
    assert (told["stage"], told["reason"], told["source"]) == ("clean", "clean_failed", "1.txt")
    assert told["detail"].startswith("ZeroDivisionError at pipeline/")
    assert told["detail"].split(";")[0].split(":")[1].isdigit() or ":" in told["detail"]
    assert "stay in" not in told["detail"]
    assert BAD in bytes(told["payload"]).decode().encode().decode("unicode_escape", "ignore") or (
        "Xylophonia" in bytes(told["payload"]).decode()
    )
    others = ~pl.col("article_id").is_in([taken["article_id"][1]])
    assert made.quotations.equals(whole.quotations.filter(others))
    assert made.blocks.equals(whole.blocks.filter(others))


def test_a_panic_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    error = panic()
    assert not isinstance(error, Exception)
    fail(monkeypatch, "onrecord.pipeline.quotations.extract.segments", error)
    made = clean(articles(GOOD, BAD), "r1")
    assert made.rejects["reason"].to_list() == ["clean_failed"]
    assert made.rejects["detail"][0].startswith("PanicException at pipeline/")


@pytest.mark.parametrize("error", [KeyboardInterrupt(), SystemExit(1), WeightsError("gone")])
def test_who_wants_to_end_and_weights_that_are_gone_are_no_articles_fault(
    error: BaseException, monkeypatch: pytest.MonkeyPatch
) -> None:
    fail(monkeypatch, "onrecord.pipeline.quotations.extract.segments", error)
    with pytest.raises(type(error)):
        clean(articles(GOOD, BAD), "r1")


def test_an_article_that_takes_too_long_is_a_reject_and_the_others_go_on() -> None:
    long = "Eva Holm said that Ola Nord would come on Monday. " * 8_000
    taken = articles(GOOD, long, GOOD)
    started = time.process_time()
    made = clean(taken, "r1", CleanSettings(article_seconds=1.0))
    assert carried(made, taken) == [True, False, True]
    assert made.rejects.select("reason", "source").rows() == [("too_slow", "1.txt")]
    assert "clean.article_seconds" in made.rejects["detail"][0]
    assert made.rejects["cut"].to_list() == [True]
    # It ends soon after its second, whatever is left of it.
    assert time.process_time() - started < 8


def test_nothing_makes_an_article_fail() -> None:
    # A lone surrogate is none that a frame could hold: it is lost where a text is read.
    texts = [f"{text}\n{GOOD}" for name, text in hostile(500) if name != "surrogate"]
    made = clean(articles(*texts), "r1")
    # Letters at random may look like any language.
    assert set(made.rejects["reason"]) <= {"no_quotation", "language_not_supported"}


@pytest.mark.parametrize(
    "kind",
    [
        'mark "',
        "bracket (",
        "base64",
        "base64 in lines",
        "nested styles and words",
        "said he, quoted",
        "capitals and hyphens",
        "combining only",
        "one-capital lines",
        "sign .",
        "quoted label",
        "said that said",
        "closing only",
        "names and ands",
        "owners and fors",
        "distinct names",
        "distinct quoted",
        "misprinted",
        "random signs",
    ],
)
def test_time_is_in_line_with_the_text_whatever_it_is(kind: str) -> None:
    """100,000 characters in 2 s of an idle core; five times that is not reached where it grows with the square."""
    text = dict(hostile(100_000))[kind]
    default_tagger()
    started = time.process_time()
    made = clean(articles(text), "r1", CleanSettings(article_seconds=100.0))
    assert time.process_time() - started < 10
    # Letters at random may look like any language.
    assert set(made.rejects["reason"]) <= {"no_quotation", "language_not_supported"}


@pytest.mark.parametrize(
    ("opening", "unit"),
    [
        ("Die Bürgermeisterin sprach gestern im Rat der Stadt über Brücken.", "„Wir gehen jetzt“, sagte Hans Berg, "),
        ("Die Bürgermeisterin sprach gestern im Rat der Stadt über Brücken.", "– Wir gehen – sagte er "),
        ("La maire a parlé hier devant le conseil de la ville du pont fermé.", "— Oui, dit-il — non, dit-elle "),
        ("Мэр города вчера выступил в совете по поводу моста в городе.", "«Мы идем», — сказал он, "),
        ("تحدث رئيس البلدية أمس في مجلس المدينة عن الجسر المغلق منذ سنوات.", "قال محمد علي «نعم نعم» "),
        ("市长昨天在市议会上谈到了这座已经关闭多年的大桥，并表示将尽快修复。", "王明表示“是”"),
    ],
)  # fmt: skip
def test_time_is_in_line_with_the_text_in_other_languages(opening: str, unit: str) -> None:
    """Sentences that never end, each with words of somebody else's in it: two seconds of an idle core, too."""
    text = (f"{opening}\n\n" * 3 + unit * 100_000)[:100_000]
    default_tagger()
    started = time.process_time()
    made = clean(articles(text), "r1", CleanSettings(article_seconds=100.0))
    assert time.process_time() - started < 10
    assert made.quotations.height > 0


DUTCH = (
    "De burgemeester sprak gisteren in de raad van de stad over de brug die al jaren gesloten is."
)


def test_an_article_in_a_language_that_is_not_read_says_so() -> None:
    made = clean(articles(DUTCH), "r1")
    (row,) = made.rejects.select("reason", "detail").rows()
    assert row[0] == "language_not_supported"
    assert "'nl'" in row[1]


def test_a_language_of_which_direct_speech_is_read_says_what_was_looked_for() -> None:
    german = "Die Bürgermeisterin sprach gestern im Rat der Stadt über die Brücke, die seit Jahren geschlossen ist."
    (row,) = clean(articles(german), "r1").rejects.select("reason", "detail").rows()
    assert row[0] == "no_quotation"
    assert "German" in row[1]


def test_other_languages_can_be_refused() -> None:
    quoted = (
        DUTCH
        + "\n\n„Wij hebben hier jaren op gewacht en het is genoeg”, zei burgemeester Anna de Vries."
    )
    kept = clean(articles(quoted), "r1")
    assert kept.quotations["unresolved"].to_list() == ["language"]
    refused = clean(articles(quoted), "r1", CleanSettings(other_languages="refuse"))
    assert refused.rejects["reason"].to_list() == ["language_not_supported"]
    assert refused.quotations.is_empty()


def test_the_deadline_holds_in_other_languages() -> None:
    said = "Bürgermeister Hans Berg%s sagte im Rat der Stadt: „Wir werden das noch einmal prüfen.“ Mehr nicht.\n\n"
    letters = "abcdefghij"
    names = (a + b + c for a in letters for b in letters for c in letters)
    (row,) = clean(
        articles("".join(said % name for name in names)), "r1", CleanSettings(article_seconds=1.0)
    ).rejects.rows(named=True)
    assert row["reason"] == "too_slow"
