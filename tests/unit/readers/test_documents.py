"""Documents and messages: what a person would read of them, and refusals of what is none."""

from __future__ import annotations

import io
import zipfile
from base64 import b64encode
from importlib.util import find_spec
from typing import Any

import pytest

from onrecord.pipeline.readers.formats import documents
from tests.support.exported import MORE, SAID, pdf, pdf_of
from tests.support.reading import found, made, one, reasons

HEAD = b"From: a@b.example\nSubject: x\n"


def docx(body: str) -> bytes:
    """A document with this body."""
    from docx import Document

    empty, made_of = io.BytesIO(), io.BytesIO()
    Document().save(empty)
    with zipfile.ZipFile(empty) as old, zipfile.ZipFile(made_of, "w") as new:
        for name in old.namelist():
            data = old.read(name)
            if name == "word/document.xml":
                data = data.replace(b"<w:body>", b"<w:body>" + body.encode())
            new.writestr(name, data)
    return made_of.getvalue()


def test_a_document_is_read_as_it_is_shown() -> None:
    pytest.importorskip("docx")
    run = "<w:r><w:t xml:space='preserve'>{}</w:t></w:r>"
    body = (
        f"<w:p>{run.format('“The ferry will ')}<w:del><w:r><w:delText>not </w:delText></w:r></w:del>"
        f"<w:ins>{run.format('run at night,” ')}</w:ins>{run.format('the mayor said.')}</w:p>"
        f"<w:tbl><w:tr><w:tc><w:p>{run.format('Mia Falk')}</w:p></w:tc>"
        f"<w:tc><w:p>{run.format('“We asked.”')}</w:p></w:tc></w:tr></w:tbl>"
        f"<w:sdt><w:sdtContent><w:p>{run.format(MORE)}</w:p></w:sdtContent></w:sdt>"
    )
    text = one(docx(body), "a.docx").text
    assert (
        text
        == f"“The ferry will run at night,” the mayor said.\n\nMia Falk | “We asked.”\n\n{MORE}"
    )


def test_a_document_that_is_none_is_refused_by_its_reason() -> None:
    pytest.importorskip("docx"), pytest.importorskip("pypdf")
    assert reasons(found(b"hello", "a.docx")) == ["damaged"]
    assert reasons(found(b"", "a.pdf")) == ["empty"]
    assert reasons(found(pdf([]), "a.pdf")) == ["empty"]
    looped = pdf([SAID]).replace(b"/Kids [3 0 R]", b"/Kids [2 0 R]")
    assert reasons(found(looped, "a.pdf")) == ["damaged"]


@pytest.mark.parametrize(("kind", "library"), [("docx", "docx"), ("pdf", "pypdf")])
def test_without_the_extra_the_refusal_names_it(
    monkeypatch: pytest.MonkeyPatch, kind: str, library: str
) -> None:
    def found_but(name: str, *more: Any) -> Any:
        return None if name == library else find_spec(name, *more)

    monkeypatch.setattr(documents, "find_spec", found_but)
    (refusal,) = found(pdf([SAID]), f"a.{kind}")
    assert refusal.reason == "documents_missing"  # type: ignore[union-attr]
    assert "onrecord[documents]" in refusal.detail  # type: ignore[union-attr]


def test_a_message_may_hold_so_many_parts_and_go_so_deep() -> None:
    many = b"--b\nContent-Type: text/plain\n\nhi\n" * 6_000
    whole = HEAD + b"Content-Type: multipart/mixed; boundary=b\n\n" + many + b"--b--\n"
    assert reasons(found(whole, "a.eml")) == ["too_many_members"]
    deep = HEAD + b"".join(
        b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (n, n) for n in range(2_000)
    )
    assert reasons(found(deep, "a.eml")) == ["nested_too_deep"]
    assert reasons(found(b"no header here", "a.eml")) == ["damaged"]
    assert reasons(found(b"no message here\n", "a.mbox")) == ["nothing_to_read"]


def test_an_attachment_is_no_words_of_the_message() -> None:
    whole = (
        HEAD
        + (
            "Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: text/plain; charset=utf-8\n\n"
            f"{SAID}\n--b\nContent-Type: text/plain\nContent-Disposition: attachment; filename=x.txt\n\n"
            "Secret.\n--b--\n"
        ).encode()
    )
    (record,) = made(whole, "a.eml")
    assert record.text.strip() == SAID  # type: ignore[union-attr]


def test_xml_without_an_article_is_a_refusal() -> None:
    for data in (b"<items/>", b"<doc/>", b"<TEI/>", b"<nitf/>", b"<corpus/>"):
        assert reasons(found(data, "a.xml"))[0] in ("no_text", "unknown_format")


def pages(*shown: bytes) -> bytes:
    """A PDF with these streams as its pages, each under the name of a filter that it may not keep to."""
    kids = b" ".join(b"%d 0 R" % (4 + 2 * n) for n in range(len(shown)))
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [%s] /Count %d >>" % (kids, len(shown)),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    for number, content in enumerate(shown):
        kind, _, stream = content.partition(b"\n")
        resources = b"/XObject << /I 3 0 R >>" if kind == b"picture" else b"/Font << /F1 3 0 R >>"
        packed = b"/Filter /FlateDecode " if kind == b"packed" else b""
        objects += [
            b"<< /Type /Page /Parent 2 0 R /Contents %d 0 R /Resources << %s >> >>"
            % (5 + 2 * number, resources),
            b"<< %s/Length %d >>\nstream\n%s\nendstream" % (packed, len(stream), stream),
        ]
    return pdf_of(objects)


def page(words: str) -> bytes:
    return b"plain\nBT /F1 11 Tf 60 760 Td (" + words.encode() + b") Tj ET"


def test_a_page_that_is_passed_over_is_told() -> None:
    pytest.importorskip("pypdf")
    damaged, picture = b"packed\nthis was never packed", b"picture\nq /I Do Q"
    whole = one(pages(page("The ferry runs."), page("The mayor spoke.")), "a.pdf")
    assert whole.repairs == ()
    told = one(
        pages(page("The ferry runs."), damaged, picture, page("The mayor spoke."), damaged), "a.pdf"
    )
    assert "The ferry runs." in told.text and "The mayor spoke." in told.text
    assert told.repairs == (
        "pages read as far as they go, damaged: 2, 5",
        "pages left out, pictures alone: 3",
    )
    many = one(pages(page("The ferry runs."), *[picture] * 12), "a.pdf")
    assert many.repairs[0].endswith("pictures alone: 2, 3, 4, 5, 6, 7, 8, 9, 10, 11 and 2 more")
    assert reasons(found(pages(damaged), "a.pdf")) == ["damaged"]


def test_a_document_nested_too_deep_is_refused_and_not_cut() -> None:
    pytest.importorskip("docx")
    said = f"<w:p><w:r><w:t>{SAID}</w:t></w:r></w:p>"
    deep = "<w:sdt><w:sdtContent>" * 40 + said + "</w:sdtContent></w:sdt>" * 40
    assert reasons(found(docx(said + deep), "a.docx")) == ["nested_too_deep"]


def test_what_a_message_has_lost_is_told() -> None:
    plain = "Content-Type: text/plain; charset=utf-8\n{}\n{}\n"
    mixed = "Content-Type: multipart/mixed; boundary=b\n\n"
    part = "--b\n" + plain.format("", SAID)

    def repairs(rest: str) -> str:
        (record,) = made(HEAD + rest.encode(), "a.eml")
        assert SAID in record.text  # type: ignore[union-attr]
        return "; ".join(record.repairs)  # type: ignore[union-attr]

    assert repairs(mixed + part + "--b--\n") == ""
    assert repairs(mixed + part) == "cut short: its last part has no end"
    assert repairs(mixed + part * 3 + "--b--\n") == "2 more part(s) left out"
    packed = b64encode(f"{SAID} And more.".encode()).decode()
    coded = plain.format("Content-Transfer-Encoding: base64\n", packed)
    assert repairs(coded) == ""
    assert repairs(coded.replace(packed, packed[:-5])) == "damaged: unpacked as far as it goes"
    (record,) = made(HEAD + plain.format("", SAID).encode() + b"The caf\xe9 was full.\n", "a.eml")
    assert record.repairs == ("1 byte was not UTF-8", "1 character(s) lost (U+FFFD)")  # type: ignore[union-attr]


TIME = "00:00:0{0},000 --> 00:00:0{0},900\n"


def test_a_cue_without_a_time_is_told() -> None:
    good = TIME.format(1) + "MAYOR: The ferry will run.\n\n"
    assert one(f"1\n{good}2\n{TIME.format(2)}At night.\n".encode(), "a.srt").repairs == ()
    silent = "WEBVTT\nKind: captions\n\nNOTE Made by hand.\n\nSTYLE\n::cue { color: red }\n\n7\n\n"
    assert one((silent + good).encode(), "a.vtt").repairs == ()
    broken = "2\n00:00:02 to 00:00:03\nIt will not.\n\nNobody else spoke.\n"
    told = one((good + broken).encode(), "a.srt")
    assert told.text == "MAYOR: The ferry will run."
    assert told.repairs == ("2 block(s) without a time left out",)


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.txt", b"%s"),
        ("a.jsonl", b'{"text": "%s"}\n{"text": "Another."}\n'),
        ("a.json", b'[{"text": "%s"}]'),
        ("b.json", b'{"text": "%s"}'),
        ("a.csv", b'url,text\nhttps://a.example/1,"%s"\n'),
        ("a.xml", b"<rss><channel><item><description>%s</description></item></channel></rss>"),
        ("a.html", b"<html><body><article><p>%s</p></article></body></html>"),
    ],
)
def test_characters_that_are_lost_are_told_whatever_held_them(name: str, data: bytes) -> None:
    said = "“We will not go to the caf\u00e9 in Skög tonight,” the mayor of Kessel said on Tuesday.".encode()
    broken = said.replace("f\u00e9".encode(), b"f\xe9")
    (whole, *_) = made(data % said, name)
    (record, *_) = made(data % broken, name)
    assert whole.repairs == ()  # type: ignore[union-attr]
    assert "caf\ufffd in" in record.text  # type: ignore[union-attr]
    assert record.repairs[-1] == "1 character(s) lost (U+FFFD)"  # type: ignore[union-attr]
