"""Keys in addresses: whatever clouds and publishers call them, they stand in no row, and the address stays one."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from onrecord.pipeline.copies.versions import address
from onrecord.pipeline.core.address import redacted, redacted_payload, shown
from onrecord.pipeline.core.settings import IngestSettings
from onrecord.pipeline.readers import Record, Refusal
from onrecord.pipeline.readers.fields import web_address
from onrecord.pipeline.stages.ingest import ingest
from tests.support.reading import TEXT, found, line

NAMES = """
    sig Signature X-Amz-Signature X-Amz-Credential X-Amz-Security-Token X-Goog-Signature
    X-Goog-Credential AWSAccessKeyId GoogleAccessId Key-Pair-Id access_token accessToken
    id_token refresh_token token auth_token csrf_token api_key apikey api-key apiKey
    x-api-key subscription-key Ocp-Apim-Subscription-Key client_secret secret password
    passwd pwd pass auth Authorization authkey sessionid session_id session PHPSESSID
    oauth_token oauth_signature hmac jwt hdnts hdnea unlocked_article_code share_token
    private_key access_key license_key gift gift_code passcode
""".split()  # noqa: SIM905
HOLDING = {
    "SAS": "sv=2022-11-02&st=HIDDEN&se=HIDDEN&sr=b&sp=r&skoid=HIDDEN&sig=HIDDEN",
    "CloudFront": "Policy=HIDDEN&Signature=HIDDEN&Key-Pair-Id=HIDDEN&Expires=HIDDEN",
    "encoded": "%73ig=HIDDEN",
    "of OAuth": "code=HIDDEN&state=HIDDEN",
    "in upper case": "API_KEY=HIDDEN",
    "in JSON": "a=b\\u0026token=HIDDEN",
    "in HTML": "a=b&amp;token=HIDDEN",
    "of Gson": "a\\u003db\\u0026token\\u003dHIDDEN",
    "behind a semicolon": "a=b;token=HIDDEN",
    "encoded in a value": "to=b%26token%3DHIDDEN",
    "an address within one within": "to=https%3A%2F%2Fb.example%2F%3Fto%3Dc%2526token%253DHIDDEN",
    "credentials of an address within": "to=https%3A%2F%2Fdesk%3AHIDDEN%40b.example%2F",
    "of an application": "a=b#/route?sig=HIDDEN",
    "an address within": "to=https%3A%2F%2Fb.example%2F%3Ftoken%3DHIDDEN",
}
OPEN = "keyword=ferry&author=Lind&page=2&sp=7&se=9&code=7&q=token&monkey=3&story=sig&passage=4&expires=1"
AT = "https://paper.example/2024/ferry"


@pytest.mark.parametrize("query", [*(f"{name}=HIDDEN" for name in NAMES), *HOLDING.values()])
def test_a_key_is_hidden_at_every_door(query: str, tmp_path: Path) -> None:
    url = f"{AT}?page=2&{query}"
    for hidden in (web_address(url), shown(url), redacted(url), redacted(f"{AT}#{query}")):
        assert hidden is not None and "HIDDEN" not in hidden and AT in hidden
    body = (
        line(text=TEXT, url=url)
        + line(url=url, text="")
        + line(url=url, text=7)
        + b'{"url": "%b", "text' % url.encode()
    )
    for item in found(body, "a.jsonl"):
        assert "HIDDEN" not in (item.url or "" if isinstance(item, Record) else item.detail)
        assert isinstance(item, Record) or (item.payload and b"HIDDEN" not in item.payload)
    entry = f"<item><title>T</title><link>{url.replace('&', '&amp;')}</link></item>"
    told = found(f"<rss><channel>{entry}</channel></rss>".encode(), "a.rss")
    assert all(
        isinstance(item, Refusal) and b"HIDDEN" not in (item.payload or b"") for item in told
    )
    page = (
        f"<html><head><link rel='canonical' href='{url}'></head><body><p>{TEXT}</p></body></html>"
    )
    (tmp_path / "a.html").write_text(page)
    (batch,) = ingest([str(tmp_path)], IngestSettings(), "a run")
    assert "HIDDEN" not in batch.articles.write_json() and batch.articles.height == 1


def test_what_is_no_key_stays() -> None:
    assert web_address(f"{AT}?{OPEN}#part=2") == f"{AT}?{OPEN}#part=2"
    assert redacted_payload(f"see {AT}?{OPEN} and a@b.example".encode()).decode().count(OPEN) == 1


def test_credentials_and_sessions_are_taken_out() -> None:
    assert web_address("https://desk:open@paper.example/a") == "https://paper.example/a"
    assert (
        web_address("https://paper.example/a;jsessionid=HIDDEN?b=1")
        == "https://paper.example/a?b=1"
    )
    assert redacted_payload(b"https://desk:open@paper.example/a") == b"https://paper.example/a"
    assert redacted_payload(b'"https:\\/\\/paper.example\\/a?sig=HIDDEN"') == (
        b'"https:\\/\\/paper.example\\/a?sig=..."'
    )


@pytest.mark.parametrize("query", [f"{name}=" for name in NAMES])
def test_another_key_is_the_same_article(query: str) -> None:
    one, two = (web_address(f"{AT}?id=7&{query}{value}") for value in ("HIDDEN", "ANOTHER"))
    assert one == two and address(one) == address(f"{AT}?id=7")


def test_another_signature_is_the_same_article() -> None:
    query = HOLDING["SAS"]
    assert address(web_address(f"{AT}?{query}")) == address(AT)


def test_pages_that_are_led_to_by_another_stay_two() -> None:
    to = "https%3A%2F%2Fb.example%2F{}%3Ftoken%3D{}"
    one, two, other = (
        web_address(f"https://lead.example/?to={to.format(page, key)}")
        for page, key in (("ferry", "HIDDEN"), ("ferry", "ANOTHER"), ("port", "HIDDEN"))
    )
    assert one == two and address(one) and address(one) != address(other)
    # What was encoded in another way is gone whole, and with it which page it was.
    assert address(web_address("https://lead.example/?to=ferry%26token%3DHIDDEN")) is None


def test_a_part_that_may_name_the_page_leaves_no_address() -> None:
    assert address(web_address(f"{AT}?sid=7")) is None


@pytest.mark.parametrize(
    "piece", ["&", "=", "token=", "%3D", ";", "a-key", "_", "?", "@", "x-", "sess"]
)
def test_hostile_addresses_are_redacted_in_time(piece: str) -> None:
    hostile = f"{AT}?{piece * 200_000}"
    began = time.process_time()
    redacted(hostile)
    shown(hostile)
    redacted_payload(hostile.encode()[:65_536])
    assert time.process_time() - began < 10
