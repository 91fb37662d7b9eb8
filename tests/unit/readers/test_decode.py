"""Encodings: stray bytes do not make a text another encoding, and no rare encoding is guessed."""

from __future__ import annotations

from pathlib import Path

import pytest

from onrecord.pipeline.core.settings import IngestSettings
from onrecord.pipeline.readers.decode import decode, encoding_of, repair
from onrecord.pipeline.stages.ingest import ingest

LINE = "The harbour’s oldest boat will sail again, “at last”, Zoë Brandt said on the quay.\n"
RUSSIAN = "Мэр города заявил, что паром будет ходить и ночью, а не только днём. "


def spoiled(text: str, count: int, bad: bytes = b"\x9d") -> bytes:
    """`text` with `count` stray bytes, each after a blank."""
    words = text.encode().split(b" ")
    return b" ".join(bad + word if 0 < at <= count else word for at, word in enumerate(words))


@pytest.mark.parametrize("bad", [b"\xe9", b"\x92", b"\xff"])
@pytest.mark.parametrize(("lines", "count"), [(1, 1), (4, 8), (100, 40)])
def test_stray_bytes_are_replaced_and_counted(bad: bytes, lines: int, count: int) -> None:
    decoded = decode(spoiled(LINE * lines, count, bad))
    assert decoded is not None
    assert decoded.text.replace("\ufffd", "") == LINE * lines
    assert decoded.text.count("\ufffd") == count
    told = "1 byte was not UTF-8" if count == 1 else f"{count} bytes were not UTF-8"
    assert decoded.repairs == (told,)


def test_too_many_stray_bytes_are_not_passed_over() -> None:
    data = spoiled(LINE * 100, 600)
    assert len(data) // 200 < 600
    decoded = decode(data)
    assert decoded is None or not any("not UTF-8" in repair for repair in decoded.repairs)


def test_a_few_letters_of_windows_1252_are_letters() -> None:
    """Few bad bytes alone make no UTF-8: none of the letters here is one of its own."""
    text = "A plain tale of a boat and of a town that waits. " * 40 + "The café is Zoë’s."
    decoded = decode(text.encode("cp1252"))
    assert decoded is not None
    assert (decoded.text, decoded.repairs) == (text, ("decoded from cp1252",))


@pytest.mark.parametrize("encoding", ["cp1125", "cp866"])
def test_a_rare_encoding_is_no_guess_but_a_declaration(encoding: str) -> None:
    data = (RUSSIAN * 5).encode(encoding)
    assert encoding_of(data) is None
    assert decode(data) is None
    told = decode(data, encoding)
    assert told is not None
    assert told.text == RUSSIAN * 5


@pytest.mark.parametrize("encoding", ["cp1251", "koi8_r", "iso8859_5"])
def test_a_common_encoding_is_guessed(encoding: str) -> None:
    decoded = decode((RUSSIAN * 5).encode(encoding))
    assert decoded is not None
    assert decoded.text == RUSSIAN * 5


@pytest.mark.parametrize(
    ("encoding", "text"),
    [
        ("gb18030", "部长说，渡船将在夜间运行。人们有权回家。"),
        ("shift_jis", "大臣はフェリーが夜間に運航されると述べた。"),
        ("euc_jp", "大臣はフェリーが夜間に運航されると述べた。"),
        ("euc_kr", "장관은 페리가 밤에 운항할 것이라고 말했다."),
        ("big5", "部長說，渡船將在夜間運行。人們有權回家。"),
    ],
)
def test_scripts_of_two_bytes_a_letter_are_no_spoiled_utf8(encoding: str, text: str) -> None:
    decoded = decode(text.encode(encoding))
    assert decoded is not None
    assert decoded.text == text


def test_a_file_whose_encoding_is_rare_is_refused(tmp_path: Path) -> None:
    (tmp_path / "old.txt").write_bytes((RUSSIAN * 5).encode("cp1125"))
    (tmp_path / "stray.txt").write_bytes(spoiled(LINE * 4, 3))
    batches = list(ingest([str(tmp_path)], IngestSettings(), "first"))
    refused = [row for batch in batches for row in batch.rejects.iter_rows(named=True)]
    assert [row["reason"] for row in refused] == ["wrong_encoding"]
    assert sum(batch.articles.height for batch in batches) == 1


@pytest.mark.parametrize(
    ("data", "text"),
    [
        ("Smörgåsbord".encode("utf-8-sig"), "Smörgåsbord"),
        ("“Non,” dit-elle".encode("utf-16"), "“Non,” dit-elle"),
        (
            "Words without a mark in wide letters".encode("utf-16-le"),
            "Words without a mark in wide letters",
        ),
        (
            "“Yes,” she said — twice, and left the hall.".encode("cp1252"),
            "“Yes,” she said — twice, and left the hall.",
        ),
        (
            "Le maire a déclaré que la fête était annulée à cause du temps.".encode("latin-1"),
            "Le maire a déclaré que la fête était annulée à cause du temps.",
        ),
        (
            "Мэр города заявил, что паром будет ходить и ночью, а не только днём.".encode("cp1251"),
            "Мэр города заявил, что паром будет ходить и ночью, а не только днём.",
        ),
    ],
)
def test_decoding(data: bytes, text: str) -> None:
    decoded = decode(data)
    assert decoded is not None
    assert decoded.text == text
    assert decoded.repairs


def test_a_lying_charset_is_not_believed() -> None:
    decoded = decode("“Déjà vu,” he said".encode(), "iso-8859-1")
    assert decoded is not None
    assert decoded.text == "“Déjà vu,” he said"
    assert decoded.repairs == ("declared iso-8859-1, is utf-8",)


def test_repairs_are_told_and_typography_stays() -> None:
    kept = "“Curly”, ‘single’, ﬁne ligature, zero\u200bwidth, \u202bbidi\u202c &amp; AT&T"
    assert repair(kept) == (kept, ())
    assert repair("one\r\ntwo\rthree") == ("one\ntwo\nthree", ("line ends made \\n",))
    assert repair("cafÃ© latte") == ("café latte", ("mojibake mended",))
    assert repair("nu\x00l")[0] == "nul"
    assert repair("half \ud800 here")[0] == "half \ufffd here"
    assert repair("joined \ud83d\ude00")[0] == "joined 😀"
    assert repair("&quot;Go,&quot; she said")[0] == '"Go," she said'
