"""Addresses: which may be reached at all, and what of them may be shown."""

from __future__ import annotations

from urllib.parse import quote

import pytest

from onrecord.pipeline.core.address import (
    has_credentials,
    hides_page,
    host,
    lacks_key,
    redacted,
    redacted_payload,
    shown,
)
from onrecord.pipeline.readers.web.network import is_public
from tests.support.site import PUBLIC


@pytest.mark.parametrize(
    ("address", "public"),
    [
        (PUBLIC, True),
        ("2606:2800:21f:cb07:6820:80da:af6b:8b2c", True),
        ("64:ff9b::5db8:d70e", True),
        ("10.0.0.1", False),
        ("100.64.0.1", False),
        ("127.0.0.1", False),
        ("169.254.169.254", False),
        ("172.31.255.255", False),
        ("192.0.0.8", False),
        ("192.168.1.1", False),
        ("198.18.0.1", False),
        ("224.0.0.1", False),
        ("239.1.1.1", False),
        ("240.0.0.1", False),
        ("255.255.255.255", False),
        ("0.0.0.0", False),
        ("::", False),
        ("::1", False),
        ("::127.0.0.1", False),
        ("::ffff:127.0.0.1", False),
        ("::ffff:10.1.2.3", False),
        ("64:ff9b::7f00:1", False),
        ("64:ff9b:1::a00:1", False),
        ("2002:7f00:1::", False),
        ("2001:0:4136:e378:8000:63bf:3fff:fdd2", False),
        ("2001:db8::1", False),
        ("fc00::1", False),
        ("fe80::1", False),
        ("fe80::1%eth0", False),
        ("fec0::1", False),
        ("ff02::1", False),
        ("localhost", False),
    ],
)
def test_only_addresses_of_the_public_internet_are_public(address: str, public: bool) -> None:
    assert is_public(address) is public


@pytest.mark.parametrize(
    ("source", "told"),
    [
        ("https://desk:open@a.example/x#part", "https://a.example/x"),
        (
            "https://a.example/x?api_key=abc&q=1&key=2",
            "https://a.example/x?api_key=...&q=1&key=...",
        ),
        (
            "https://a.example/x?keyword=ferry&author=Lind",
            "https://a.example/x?keyword=ferry&author=Lind",
        ),
        ("news/today.jsonl", "news/today.jsonl"),
        ("https://[broken", "https://..."),
        ("https://[broken/?u=ftp://a.example", "https://..."),
    ],
)
def test_what_lets_people_in_is_not_shown(source: str, told: str) -> None:
    assert shown(source) == told


def test_credentials_are_seen() -> None:
    assert has_credentials("https://desk:open@a.example/")
    assert has_credentials("https://token@a.example/")
    assert has_credentials("http://token@a.example/")
    assert has_credentials("ftp://desk:open@a.example/x")
    assert not has_credentials("sftp://desk@a.example/x")
    assert not has_credentials("https://a.example/@desk:x")
    assert not has_credentials("news/a@b:c.jsonl")


def encoded(value: str, times: int) -> str:
    """A value as it stands in an address within an address, and so on."""
    for _ in range(times):
        value = quote(value, safe="")
    return value


DEEP = "https://a.example/x?u=" + encoded("http://b.example/?page=1", 9)


@pytest.mark.parametrize(
    ("address", "told"),
    [
        ("https://a.example/x?SIG=abc&se=2026&sp=r&q=1", "https://a.example/x?SIG=...&se=...&sp=...&q=1"),
        ("https://a.example/x?se=2026&q=1", "https://a.example/x?se=2026&q=1"),
        ("https://a.example/x?sig=&q=1", "https://a.example/x?sig=&q=1"),
        ("https://a.example/x?code=1&state=2", "https://a.example/x?code=...&state=..."),
        ("https://a.example/x?code=1&page=2", "https://a.example/x?code=1&page=2"),
        ("https://a.example/x?a=1&amp;sig=2", "https://a.example/x?a=1&amp;sig=..."),
        ("https://a.example/x;jsessionid=1F/y;a=b?q=1", "https://a.example/x/y;a=b?q=1"),
        ("https://a.example/x#access_token=1&b=2", "https://a.example/x#access_token=...&b=2"),
        ("https://a.example/x#part?", "https://a.example/x#part?"),
        ("https://a.example/x?%73ig=abc", "https://a.example/x?%73ig=..."),
        ("https://a.example/x?u=http%3A%2F%2Fb.example%2F%3Fsig%3D1", "https://a.example/x?u=http%3A%2F%2Fb.example%2F%3Fsig%3D..."),
        ("https://a.example/x?u=http://b.example/?a=1", "https://a.example/x?u=http://b.example/?a=1"),
        ("https://a.example/x?u=http://b.example/?token=1", "https://a.example/x?u=http://b.example/?token=..."),
        ("https://a.example/x?u=b%2526token%253D1&v=2", "https://a.example/x?u=...&v=2"),
        ("https://a.example/x?u=http%253A%252F%252Fb.example%252F%253Ftoken%253D1%2526c%253D2", "https://a.example/x?u=http%253A%252F%252Fb.example%252F%253Ftoken%253D...%2526c%253D2"),
        ("https://a.example/x?u=https%3A%2F%2Fdesk%3Aopen%40b.example%2Fc", "https://a.example/x?u=https%3A%2F%2Fb.example%2Fc"),
        ("https://a.example/x?u=http://b.example/?key=1", "https://a.example/x?u=http://b.example/?key=..."),
        # So deep that nobody writes it so: nothing of it stays.
        ("https://a.example/x?u=http://b.example/?u=http%3A%2F%2Fdesk%3Aopen%40c.example%2F", "https://a.example/x?u=http://b.example/?u=http%3A%2F%2Fc.example%2F"),
        ("https://a.example/x?u=http://b.example/?u=http%253A%252F%252Fdesk%253Aopen%2540c.example%252F", "https://a.example/x?u=http://b.example/?u=..."),
        ("https://a.example/x?u=" + encoded("http://b.example/?token=1", 4), "https://a.example/x?u=..."),
        ("https://a.example/x?u=" + encoded("http://b.example/?token=1", 9), "https://a.example/x?u=..."),
        (DEEP, DEEP),
        ("https://a.example/x?u=%" + "25" * 900 + "41", "https://a.example/x?u=..."),
        # A name too long to be one of a site's.
        ("https://a.example/x?" + 300 * "b" + "_token=1&q=2", "https://a.example/x?" + 300 * "b" + "_token=...&q=2"),
        ("https://a.example/x?" + 900 * "b" + "_token=1&q=2", "https://a.example/x?" + 900 * "b" + "_token=...&q=2"),
        ("https://a.example/x?" + 150 * "b" + "=1&q=2", "https://a.example/x?" + 150 * "b" + "=1&q=2"),
        ("https://a.example/https://desk:open@b.example/c", "https://a.example/https://b.example/c"),
        ("https://a.example/x?a=1;sig=2;b=3", "https://a.example/x?a=1;sig=...;b=3"),
        ("https://a.example/x?a=1&#38;sig=2", "https://a.example/x?a=1&#38;sig=..."),
        ("https://a.example/x#/page?sig=1&b=2", "https://a.example/x#/page?sig=...&b=2"),
        ("https://a.example/x?a\\u003d1\\u0026sig\\u003d2", "https://a.example/x?a\\u003d1\\u0026sig\\u003d..."),
        ("https://a.example/x?u=http%3A%2F%2Fb.example%2F%3Ftoken%3D", "https://a.example/x?u=http%3A%2F%2Fb.example%2F%3Ftoken%3D"),
        ("https://a.example/x?q=a=1&r=%40b", "https://a.example/x?q=a=1&r=%40b"),
        ("https://desk:o@pen@a.example/x@y", "https://a.example/x@y"),
        ("https://desk@a.example?q=a@b", "https://a.example?q=a@b"),
        ("https://deXk:open@a.example", "https://a.example"),
        ("https://a.example/x?sig=aGk=&q=1", "https://a.example/x?sig=...&q=1"),
        ("https://a.example/x?sig=aGk%3D==", "https://a.example/x?sig=..."),
        ("https://a.example/x?" + "a=1&" * 1_000 + "b=2", "https://a.example/x?" + "a=1&" * 1_000 + "b=..."),
    ],
)  # fmt: skip
def test_keys_are_taken_out_and_all_else_stays(address: str, told: str) -> None:
    assert redacted(address) == told
    page = f'<a href="{address}">said</a> a@b.example?sig=1'.encode()
    assert redacted_payload(page) == page.replace(address.encode(), told.encode())


def test_a_payload_without_addresses_is_as_it_came() -> None:
    for data in (b"", b"a?sig=1", b"\xff\xfe@;#?", b"https://a.example/x"):
        assert redacted_payload(data) == data
    assert redacted_payload(rb"https:\/\/a:b@c.example\/x") == rb"https:\/\/c.example\/x"
    assert redacted_payload(b"s3://a:b@c/x ftp://a.example d@e") == b"s3://c/x ftp://a.example d@e"


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b"https://a.example/x?sig=1", b"https://a.example/x?sig=..."),
        (b"https://desk:open@a.example/x", b"https://a.example/x"),
        (b"https://a.example/x;jsessionid=1F", b"https://a.example/x"),
        (b"https://a.example/x#token=1", b"https://a.example/x#token=..."),
    ],
)
def test_each_place_of_a_key_is_looked_at_for_itself(data: bytes, told: bytes) -> None:
    assert redacted_payload(data) == told


def test_what_is_no_address_has_no_credentials() -> None:
    assert redacted("news/desk:open@a.example") == "news/desk:open@a.example"


def test_what_lacks_its_key_is_known() -> None:
    assert lacks_key("https://a.example/x?sig=...&q=1")
    assert lacks_key("https://a.example/x?key=...#part")
    assert lacks_key("https://a.example/x?a=b?sig=...&c=d?e")
    for whole in ("https://a.example/x?q=...", "news/x?sig=...", "https://a.example/#?sig=..."):
        assert not lacks_key(whole)
    assert lacks_key("https://a.example/x?u=http%3A%2F%2Fb.example%2F%3Fsig%3D...")
    assert hides_page("https://a.example/x?sid=...&sig=...")
    assert hides_page("https://a.example/x?u=...")
    assert hides_page("https://a.example/x?" + 300 * "b" + "_token=...")
    assert lacks_key("https://a.example/x?" + 300 * "b" + "_token=...")
    assert hides_page("https://a.example/x?u=http%3A%2F%2Fb.example%2F%3Fkey%3D...")
    assert not hides_page("https://a.example/x?u=http%3A%2F%2Fb.example%2F%3Fsig%3D...")
    assert not hides_page("https://a.example/x?sig=...&se=...")
    assert not hides_page("https://a.example/x?sig=...")


def test_sites() -> None:
    told = {
        "https://www.A.example/x": "a.example",
        "http://m.a.example": "a.example",
        "https://desk:open@a.example:8080/x": "a.example",
        "https://www2.a.example?q=1": "a.example",
        "https://[broken": None,
        "news/today.txt": None,
        "": None,
        None: None,
    }
    assert {url: host(url) for url in told} == told
