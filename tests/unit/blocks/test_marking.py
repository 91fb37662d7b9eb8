"""Marking: dirt gets its kind, an article keeps every line, nothing is moved or rewritten."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator

import numpy as np
import pytest

from onrecord.pipeline.blocks import mark
from onrecord.pipeline.blocks.line_features import NAMES, hashed, measure, own
from onrecord.pipeline.blocks.line_model import load, score
from onrecord.pipeline.blocks.line_patterns import is_spam
from onrecord.pipeline.blocks.lines import split
from onrecord.pipeline.core.values import BLOCK_KINDS
from onrecord.pipeline.stages.marked_records import mark_records

KEPT = {"title", "heading", "body"}

PARAGRAPHS = (
    "The council of Kessel voted on Tuesday to run the ferry at night, ending a debate that has "
    "divided the town since the bridge was closed last winter.",
    "“People who work late have a right to come home,” said the mayor, Lena Ortiz, after the vote.",
    "Opponents of the plan, most of them from the old harbour, fear noise and light. They "
    "announced that they would go to court.",
    "“We will not give up,” Jonas Weil, who speaks for the residents, told reporters. “This is "
    "about our sleep.”",
    "The first boat is to leave at eleven on the first of June, the ministry said in a statement.",
    "A ticket will cost four crowns, twice the price of a ticket by day, and children will travel "
    "free of charge.",
)
DIRTY = (
    ("Home Coast Night ferry wins narrow vote in Kessel", False),
    ("Night ferry wins narrow vote in Kessel", True),
    ("Views: 31", False),
    ("By Selma Aydin", False),
    (PARAGRAPHS[0], True),
    (PARAGRAPHS[1], True),
    (
        "The mayor, Lena Ortiz, looks on during the session in Kessel on June 4. (Photo by R. ADEYEMI / AFP)",
        False,
    ),
    (PARAGRAPHS[2], True),
    (PARAGRAPHS[3], True),
    ("Storm Damage Puts Spotlight On Ageing Piers", False),
    (PARAGRAPHS[4], True),
    (PARAGRAPHS[5], True),
    ("You May Also Like", False),
    ("14 Comments", False),
    ("I make $8,400 a month working online from home, it is so easy, start right now!", False),
    ("OPEN THIS LINK ====> https://www.money.example", False),
    ("Please enter your comment!", False),
    ("This website uses cookies to improve your experience. Read our privacy policy.", False),
)


def kinds(text: str, title: str | None = None) -> list[tuple[str, str]]:
    (blocks,) = mark([text], titles=[title])
    return [(block.kind, text[block.start : block.end]) for block in blocks]


def test_dirt_is_told_from_the_article_line_by_line() -> None:
    found = kinds("\n".join(line for line, _ in DIRTY))
    assert [line for _, line in found] == [line for line, _ in DIRTY]
    wrong = [
        (kind, line)
        for (kind, line), (_, wanted) in zip(found, DIRTY, strict=True)
        if (kind in KEPT) != wanted
    ]
    assert not wrong
    by_line = {line: kind for kind, line in found}
    assert by_line[DIRTY[1][0]] == "title"
    assert by_line[DIRTY[6][0]] == "caption"
    assert by_line["You May Also Like"] == "related"
    assert by_line["By Selma Aydin"] == "byline"
    assert by_line["Please enter your comment!"] == "comment"
    assert by_line["Views: 31"] == "other"


@pytest.mark.parametrize(
    "text",
    [
        "\n\n".join(PARAGRAPHS),
        "Night ferry wins narrow vote\n\n" + "\n\n".join(PARAGRAPHS),
        PARAGRAPHS[0] + "\n“No,” she said.\n" + PARAGRAPHS[2] + "\nWhy?\n" + PARAGRAPHS[4],
        "Q: Will it be loud?\nLENA ORTIZ: No louder than the wind.\nQ: And dear?\nORTIZ: Four crowns.",
        PARAGRAPHS[0] + "\nShe put it like this:\n“It will run.”\n“Every night.”\n" + PARAGRAPHS[3],
        " ".join(PARAGRAPHS),
        "One short line.",
        "Der Stadtrat von Kessel hat am Dienstag beschlossen, die Fähre nachts fahren zu lassen.\n"
        "„Wer spät arbeitet, muss nach Hause kommen“, sagte die Bürgermeisterin nach der Sitzung.",
        "市議会は火曜日に夜間のフェリー運航を決めた。\n市長は「誰もが家に帰れるべきだ」と述べた。",
    ],
)
def test_a_clean_article_keeps_every_line(text: str) -> None:
    found = kinds(text)
    assert [line for _, line in found] == [
        line.strip() for line in text.split("\n") if line.strip()
    ]
    assert {kind for kind, _ in found} <= KEPT, found


IN_OTHER_LETTERS = {
    "Cyrillic": (
        ["• Главная", "• Новости", "• Спорт", "• Погода", "• Культура", "• Реклама", "Войти"],
        [
            "Городской совет Кесселя проголосовал во вторник за ночной паром и завершил спор, который разделил город "
            "прошлой зимой.",
            "«Те, кто работает допоздна, имеют право вернуться домой», — сказала мэр Лена Ортис после голосования.",
            "Противники плана, большинство из которых живёт в старой гавани, опасаются шума и света. Они заявили, что "
            "обратятся в суд.",
            "Первый паром отправится в одиннадцать часов вечера первого июня, сообщило министерство в заявлении.",
        ],
        ["Читайте также", "• Шторм отменил рейсы", "• Рынок переехал", "• О нас", "© 2024 Газета"],
    ),
    "Japanese": (
        ["• ホーム", "• ニュース", "• スポーツ", "• 天気", "• 文化", "• 会員登録", "ログイン"],
        [
            "市議会は火曜日、夜間のフェリー運航を賛成多数で決めた。昨年冬に橋が閉鎖されて以来、町を二分してきた議論が終わる。",
            "市長は採決の後、「遅くまで働く人にも家に帰る権利がある」と述べた。運賃は昼間の二倍になる見通しだ。",
            "反対派の多くは旧港の住民で、騒音と照明を心配している。住民らは裁判所に訴える方針を明らかにした。",
            "最初の便は六月一日の午後十一時に出発する予定だと、担当の省が声明で発表した。子どもは無料で乗船できる。",
        ],
        ["関連記事", "• 嵐で欠航", "• 市場が移転", "• 会社概要", "• お問い合わせ"],
    ),
}


@pytest.mark.parametrize("letters", IN_OTHER_LETTERS)
def test_a_page_in_other_letters_is_told_from_its_menus(letters: str) -> None:
    menu, paragraphs, after = IN_OTHER_LETTERS[letters]
    found = {line: kind for kind, line in kinds("\n".join([*menu, *paragraphs, *after]))}
    assert {found[line] for line in paragraphs} <= KEPT
    assert not {line for line in [*menu, *after] if found[line] in KEPT}


def test_the_title_that_the_source_tells_is_found() -> None:
    text = "Coast\nFerry to run at night, council says\n4 June\n" + "\n".join(PARAGRAPHS)
    assert ("title", "Ferry to run at night, council says") in kinds(
        text, "Ferry to run at night, council says – Gazette"
    )


def test_layout_decides_where_there_is_one_but_a_biography_is_no_body() -> None:
    lines = [
        ("title", "Night ferry"),
        *(("body", line) for line in PARAGRAPHS),
        ("body", "Selma Aydin is a reporter for the Gazette. Follow her on Twitter."),
        ("heading", "More from the coast"),
        ("body", "Storm warning lifted for the northern islands after two days of heavy seas."),
    ]
    text, layout, at = "\n\n".join(line for _, line in lines), [], 0
    for kind, line in lines:
        layout.append({"start": at, "end": at + len(line), "kind": kind})
        at += len(line) + 2
    (blocks,) = mark([text], [layout])
    assert [block.kind for block in blocks] == [
        "title",
        *["body"] * 6,
        "byline",
        "related",
        "related",
    ]
    assert all(
        text[block.start : block.end] == line
        for block, (_, line) in zip(blocks, lines, strict=True)
    )


@pytest.mark.parametrize("heading", ["Popular", "Comment réagissent les pêcheurs de Kessel ?"])
def test_an_article_that_goes_on_under_a_heading_is_not_over(heading: str) -> None:
    lines = [*(("body", line) for line in PARAGRAPHS * 2), ("heading", heading)]
    lines += [("body", line) for line in PARAGRAPHS[:3]]
    lines += [("heading", "More from the coast"), ("body", PARAGRAPHS[4])]
    text, layout, at = "\n\n".join(line for _, line in lines), [], 0
    for kind, line in lines:
        layout.append({"start": at, "end": at + len(line), "kind": kind})
        at += len(line) + 2
    (blocks,) = mark([text], [layout])
    shown = "related" if heading == "Popular" else "heading"
    assert [block.kind for block in blocks[12:]] == [shown, *["body"] * 3, "related", "related"]


def test_overlapping_and_outlying_spans_are_cut() -> None:
    text = "First words. Second words."
    layout = [
        {"start": 5, "end": 900, "kind": "body"},
        {"start": 0, "end": 12, "kind": "title"},
        {"start": 400, "end": 500, "kind": "body"},
    ]
    (blocks,) = mark([text], [layout])
    assert [(block.start, block.end, block.kind) for block in blocks] == [
        (0, 12, "title"),
        (12, 26, "body"),
    ]


@pytest.mark.parametrize("text", ["", " \n\t\n", "\n" * 1000])
def test_nothing_gives_no_blocks(text: str) -> None:
    assert mark([text]) == [[]]


def test_records_stream_and_a_bad_one_does_not_stop_the_next() -> None:
    text = "\n".join(line for line, _ in DIRTY)
    page = f"<html><body><article>{''.join(f'<p>{line}</p>' for line in PARAGRAPHS)}</article></body></html>"
    records: list[dict[str, object]] = [
        {"id": 1, "text": text},
        {"id": 2, "html": page},
        {"id": 3},
        {"id": 4, "text": 5},
        [],  # type: ignore[list-item]
        {"id": 6, "html": "<script></script>"},
        {"id": 7, "text": "\ud800 lone\r\nlines\x00"},
    ]
    out = list(mark_records(iter(records)))
    json.dumps(out)
    assert [record["id"] for record in out] == [1, 2, 3, 4, None, 6, 7]
    assert [record.get("error") for record in out] == [
        None,
        None,
        "no_text",
        "no_text",
        "not_object",
        "no_text",
        None,
    ]
    assert out[0]["text"] == text and out[6]["text"] == records[6]["text"]
    assert all(out[1]["text"].count(line) == 1 for line in PARAGRAPHS)
    for record in out:
        at = 0
        for block in record["blocks"]:
            assert at <= block["start"] < block["end"] <= len(record["text"])
            assert block["kind"] in BLOCK_KINDS and 0 <= block["confidence"] <= 1
            at = block["end"]


def test_records_are_not_read_ahead_without_end() -> None:
    taken = 0

    def endless() -> Iterator[dict[str, object]]:
        nonlocal taken
        while True:
            taken += 1
            yield {"id": taken, "text": PARAGRAPHS[0]}

    out = mark_records(endless())
    assert next(out)["id"] == 1
    assert taken < 200
    out.close()  # type: ignore[attr-defined]


def test_time_is_linear_in_lines_and_in_one_long_line() -> None:
    def seconds(text: str) -> float:
        start = time.process_time()
        mark([text])
        return time.process_time() - start

    mark([PARAGRAPHS[0] + "\n" + PARAGRAPHS[1]])
    small = "\n".join(PARAGRAPHS * 40)
    assert seconds("\n".join(PARAGRAPHS * 160)) < 12 * max(seconds(small), 0.02)
    assert seconds("a b" * 400_000 + "\n" + "(" * 400_000) < 2


def test_weights_are_those_of_the_manifest_and_score_as_measured() -> None:
    model = load()
    assert model["mean"].shape == (len(NAMES),)
    lines = [line for line, _ in DIRTY]
    table, words = measure(lines), hashed(lines)
    assert table.shape == (len(DIRTY), len(NAMES))
    scores = score(table, words)
    assert np.isfinite(scores).all()
    # A title helps to find the headline; what the nets see hangs on no title.
    np.testing.assert_array_equal(scores, score(measure(lines, DIRTY[1][0]), words))
    assert len(own("")) == len(own(PARAGRAPHS[0]))
    assert score(table[:0], words[:0]).shape == (0,)
    assert np.isfinite(score(table[:1], words[:1])).all()


def test_a_text_is_marked_alike_whatever_is_marked_beside_it() -> None:
    text = "\n".join(line for line, _ in DIRTY)
    other = "\n".join([*PARAGRAPHS, "Most Read", "Ten Piers To Walk"])
    assert mark([other, text, other])[1] == mark([text])[0]


def test_lines_are_spans_of_the_text() -> None:
    text = "  one \n\n\ttwo\u2028still two \r\n three"
    lines = split(text)
    assert [line.text for line in lines] == ["one", "two\u2028still two", "three"]
    assert all(text[line.start : line.end] == line.text for line in lines)


def test_earning_is_no_spam_by_itself() -> None:
    assert is_spam("She earns $4,000 a month online, and so can you, from home!")
    assert not is_spam("The bank paid its managers $4 million a year in bonuses, the report says.")


def test_a_picture_and_who_took_it_are_no_article() -> None:
    shown = "Lena Ortiz greets dock hands at the old pier. (Abel Stroud/Ledger Pictures)"
    found = {
        line: kind for kind, line in kinds("\n\n".join([*PARAGRAPHS[:2], shown, *PARAGRAPHS[2:]]))
    }
    assert found.pop(shown) == "caption"
    assert set(found.values()) <= KEPT


REPORTED = (
    "Dock hand Ruta Halvorsen is not so sure. “We have had a promise and no boat,” she told the "
    "Gazette. “My shift ends at two.”"
)


@pytest.mark.parametrize(
    "link", ["Read more: What the tide says about your week", "See also: Ten piers to walk"]
)
@pytest.mark.parametrize(
    "after",
    [
        "1. so easy, I earn 250$ every hour from my sofa, click here http://cash.example",
        "14 Comments",
    ],
)
def test_a_paragraph_that_reports_speech_is_body_beside_links(link: str, after: str) -> None:
    found = {
        line: kind
        for kind, line in kinds("\n\n".join([*PARAGRAPHS[:3], link, REPORTED, after, after]))
    }
    assert found[REPORTED] == "body"
    assert found[link] == "related"
    assert found[after] not in KEPT


@pytest.mark.parametrize(
    "link",
    [
        "Read more: “We have had a promise and no boat,” says dock hand. Why she is not so sure.",
        "• Dock hand: “We have had a promise and no boat.” What she told us. Read it here.",
    ],
)
def test_a_link_that_quotes_stays_a_link(link: str) -> None:
    links = ["You May Also Like", "Ten Piers To Walk", link, "Most Read", "Latest | Coast | Sport"]
    found = kinds("\n\n".join([*PARAGRAPHS[:3], *links, "14 Comments"]))
    assert {line: kind for kind, line in found}[link] not in KEPT
