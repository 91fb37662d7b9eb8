"""HTTPS: the connection goes to the address that was looked at, the certificate must be for the name."""

from __future__ import annotations

import ssl
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import httpx
import pytest
import trustme

from onrecord.pipeline.core.settings import FetchSettings
from onrecord.pipeline.readers import Refusal
from onrecord.pipeline.readers.web.fetching import Fetched, Web
from onrecord.pipeline.readers.web.network import Pinned, Transport
from tests.support.site import PAGE, PUBLIC, Site, Wires

NAME = "harbour.example"


class Secure(NamedTuple):
    """A site that shows a certificate for NAME, the authority that signed it, the names that it was asked for."""

    site: Site
    authority: trustme.CA
    asked_for: list[str | None]


@pytest.fixture
def secure() -> Iterator[Secure]:
    made = Secure(Site(), trustme.CA(), [])
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    made.authority.issue_cert(NAME).configure_cert(server)
    server.sni_callback = lambda _, name, __: made.asked_for.append(name)
    listening = made.site.server
    listening.socket = server.wrap_socket(listening.socket, server_side=True)
    made.site.lay("/lock", PAGE)
    yield made
    listening.shutdown()
    listening.server_close()


Fetch = Callable[[str, bool], Fetched | Refusal]


@pytest.fixture
def fetch(secure: Secure, tmp_path: Path) -> Fetch:
    """Fetch an address over wires that lead to the site, with its authority among those of the default, or without."""

    def fetched(url: str, believed: bool) -> Fetched | Refusal:
        trust = httpx.create_ssl_context(trust_env=False) if believed else None
        if trust is not None:
            secure.authority.configure_trust(trust)
        settings = FetchSettings(allowed=True, cache=tmp_path / "cache", delay_seconds=0.0)
        wires = Wires(secure.site.port)
        backend = Pinned((), settings.timeout_seconds, lambda *_: ["10.0.0.7", PUBLIC], wires)
        answer = Web(settings, httpx.Client(transport=Transport(backend, trust))).fetch(url)
        assert set(wires.reached) == {PUBLIC}
        return answer

    return fetched


def test_the_certificate_is_held_against_the_name_and_not_the_address(
    secure: Secure, fetch: Fetch
) -> None:
    answer = fetch(f"https://{NAME}/lock", True)
    assert isinstance(answer, Fetched)
    assert answer.body.read_text() == PAGE
    assert set(secure.asked_for) == {NAME}
    assert secure.site.asked[-1][0] == NAME


@pytest.mark.parametrize(
    ("host", "believed", "found"),
    [
        ("other.example", True, "certificate is not valid for 'other.example'"),
        (PUBLIC, True, f"certificate is not valid for '{PUBLIC}'"),
        (NAME, False, "unable to get local issuer certificate"),
    ],
)
def test_a_certificate_of_another_name_or_of_nobody_known_is_refused(
    secure: Secure, fetch: Fetch, host: str, believed: bool, found: str
) -> None:
    answer = fetch(f"https://{host}/lock", believed)
    assert isinstance(answer, Refusal)
    assert answer.reason == "unreachable"
    assert "Certificate refused: " in answer.detail
    assert found in answer.detail
    assert secure.site.asked == []
