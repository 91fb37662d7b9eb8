"""Documents and messages: what a person would read of them, and refusals of what is none."""

from __future__ import annotations

import io
import zipfile
from importlib.util import find_spec
from typing import Any

import pytest

from onrecord.pipeline.readers.formats import documents
from tests.support.exported import MORE, SAID, pdf
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
