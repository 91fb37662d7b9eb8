"""The processes that read pages: order, time limit, and pages that are no articles."""

from __future__ import annotations

from onrecord.pipeline.readers.html.extraction import extract, nests_too_deep
from onrecord.pipeline.readers.html.page_workers import Pages

BODY = "The council of Kessel voted on Tuesday to run the ferry at night, after months of debate. "


def markup(number: int) -> str:
    return f"<html><body><article><p>{BODY * 4} Page {number}.</p></article></body></html>"


def test_order_is_kept_and_a_slow_page_costs_only_itself() -> None:
    with Pages(workers=2) as pages:
        answers = list(
            pages.extract_all(range(9), lambda at: (markup(at), None) if at % 2 else None)
        )
    assert [item for item, _ in answers] == list(range(9))
    for item, page in answers:
        assert (page is None) == (item % 2 == 0)
        if page is not None:
            assert page.text.endswith(f"Page {item}.")
    long = markup(0).replace("</p>", "</p>" + f"<p>{BODY}</p>" * 20_000)
    with Pages(workers=1, seconds=0.01) as pages:
        refused = [page for _, page in pages.extract_all(range(2), lambda _: (long, None))]
    assert [page.refused for page in refused if page] == ["too_slow", "too_slow"]


def test_nesting_is_seen_before_it_is_parsed() -> None:
    assert nests_too_deep("<b>" * 100_000)
    assert not nests_too_deep("<p>one<br><li>two" * 5_000)
    assert extract("<i>" * 10_000).refused == "nested_too_deep"
    assert nests_too_deep("<script/>" + "<b>" * 1_000)


def test_what_only_looks_like_nesting_is_none() -> None:
    shapes = "<svg>" + '<path d="M0 0"/>' * 2_000 + "</svg>"
    script = "<script>" + "for(i=0;i<n;i++)if(a<b)c();" * 2_000 + "</script>"
    page = extract(markup(0).replace("<body>", f"<body>{shapes}{script}"))
    assert page.text.endswith("Page 0.")
    assert nests_too_deep(script + "<b>" * 1_000)


def test_a_fragment_gives_its_words_and_scripts_give_none() -> None:
    page = extract("<p>The boat left.</p><script>var x;</script><p>It came <b>back</b>.</p>")
    assert page.text == "The boat left.\n\nIt came back."
    assert extract("<style>p {}</style>").refused == "no_text"
    assert extract("").refused == "no_text"


def test_the_article_that_a_reader_scrolls_to_next_is_another() -> None:
    def article(of: str, count: int) -> str:
        lines = "".join(f"<p>{BODY}This is line {at} of the {of}.</p>" for at in range(count))
        return f"<article class='{of}'><h1>The {of}</h1>{lines}</article>"

    both = article("ferry", 9).replace(
        "class='ferry'", "class='article-body' itemprop='articleBody'"
    )
    both += article("market", 30)
    page = f"<html><title>The ferry</title><body><main>{both}</main></body></html>"
    assert "line 8 of the ferry" in extract(page).text
    assert "market" not in extract(page).text


def test_where_little_is_taken_the_other_extractors_are_asked() -> None:
    lines = "".join(
        f'<div data-testid="paragraph-{at}">{BODY}This is line {at}.</div>' for at in range(12)
    )
    aside = f"<div class='entry-content'><p>{BODY}</p></div>"
    page = f"<html><title>Ferry</title><body><div class='x1'>{lines}</div>{aside}</body></html>"
    assert all(f"This is line {at}." in extract(page).text for at in range(12))


def test_a_live_page_gives_all_its_posts_and_the_standfirst_stands_under_the_title() -> None:
    posts = "".join(
        f"<section><h2>Post {at} of the day</h2><p>{BODY}{BODY}This was post {at}.</p></section>"
        for at in range(12)
    )
    summary = "Night boats are to run from June, the council decided after a long debate"
    page = extract(
        "<html><head><title>Ferry live</title>"
        f'<meta name="description" content="{summary}"></head>'
        f"<body><main><h1>Ferry live</h1><p>{summary}</p>{posts}</main></body></html>"
    )
    assert all(f"This was post {at}." in page.text for at in range(12))
    assert page.text.count(summary) == 1
