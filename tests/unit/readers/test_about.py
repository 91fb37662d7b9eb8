"""What pages tell of themselves, on pages of our own: addresses, outlets, dates."""

from __future__ import annotations

import pytest

from onrecord.pipeline.readers.html.extraction import Page, extract

BODY = (
    "<p>“The sluice holds,” Edda Ravn told the water board of Tolm, and read them the figures.</p>"
    * 5
)
AT = "https://www.post.example/news/sluice?utm_source=feed"


def told(head: str, url: str | None = AT) -> Page:
    page = f"<html><head>{head}</head><body><article><h1>Sluice holds</h1>{BODY}</article></body></html>"
    return extract(page, url)


def data(**fields: str) -> str:
    inner = ", ".join(f'"{name}": "{value}"' for name, value in fields.items())
    return f'<script type="application/ld+json">{{"@type": "NewsArticle", {inner}}}</script>'


@pytest.mark.parametrize(
    ("href", "address"),
    [
        ("https://post.example/news/sluice", "https://post.example/news/sluice"),
        ("/news/sluice", "https://www.post.example/news/sluice"),
        ("https://wire.example/sluice", AT),
        ("mailto:desk@post.example", AT),
        ("http://[broken", AT),
    ],
)
def test_the_canonical_address_of_the_same_site_stands(href: str, address: str) -> None:
    assert told(f'<link rel="canonical" href="{href}">').url == address


def test_the_outlet_is_the_site_s_name_or_its_host() -> None:
    assert told('<meta property="og:site_name" content="Tolm Post">').outlet == "Tolm Post"
    assert told("").outlet == "post.example"
    assert told('<link rel="canonical" href="https://wire.example/x">').outlet == "post.example"


@pytest.mark.parametrize(
    ("head", "published"),
    [
        (
            '<meta property="article:published_time" content="2024-05-02T23:30:00-05:00">',
            "2024-05-02T23:30:00-05:00",
        ),
        (
            data(headline="Sluice holds", datePublished="2024-05-02T08:00:00Z"),
            "2024-05-02T08:00:00Z",
        ),
        (data(headline="Sluice holds", datePublished="2024-05-02"), "2024-05-02"),
        (data(datePublished="soon, they say"), None),
        ("", None),
    ],
)
def test_a_page_s_own_date_comes_with_its_time(head: str, published: str | None) -> None:
    assert told(head).published == published


def test_a_year_in_an_address_is_no_date() -> None:
    assert told("", "https://post.example/2024/sluice").published is None
    assert told("", "https://post.example/2024/05/02/sluice").published == "2024-05-02"


def test_what_a_page_says_of_others_is_not_its_own() -> None:
    other = data(headline="An older one", datePublished="2019-01-08T08:00:00Z")
    own = '<meta property="article:published_time" content="2024-05-02T08:00:00Z">'
    assert told(other + own).published == "2024-05-02T08:00:00Z"


def test_authors_and_headline_come_from_the_data() -> None:
    page = told(
        '<title>Sluice | Post</title><script type="application/ld+json">{"@context": "https://schema.org",'
        ' "@type": "NewsArticle", "headline": "The sluice holds", "author": ['
        '{"@type": "Person", "name": "Pia Lund"}, {"@type": "Person", "name": "Bo Weil"}]}</script>'
    )
    assert page.author == "Pia Lund; Bo Weil"
    assert page.title == "The sluice holds"
