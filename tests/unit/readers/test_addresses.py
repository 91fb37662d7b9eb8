"""Addresses: which may be reached at all, and what of them may be shown."""

from __future__ import annotations

import pytest

from onrecord.pipeline.core.address import has_credentials, shown
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
    ],
)
def test_what_lets_people_in_is_not_shown(source: str, told: str) -> None:
    assert shown(source) == told


def test_credentials_are_seen() -> None:
    assert has_credentials("https://desk:open@a.example/")
    assert has_credentials("https://token@a.example/")
    assert has_credentials("ftp://desk:open@a.example/x")
    assert not has_credentials("sftp://desk@a.example/x")
    assert not has_credentials("https://a.example/@desk:x")
    assert not has_credentials("news/a@b:c.jsonl")
