"""Correcting a quotation in a real browser, by keyboard alone, without a barrier in either light."""

from __future__ import annotations

from tests.browser.chromium import Page
from tests.browser.test_record_pages import WIDTHS, addresses, barriers, home

__all__ = ["addresses", "home"]


def test_a_quotation_is_corrected_and_taken_back_by_keyboard(
    page: Page,
    home: str,
    addresses: dict[str, list[str]],
) -> None:
    at = home + addresses["quotation"][0]
    page.look(at, "mend-before", width=1400)
    _tab_to(page, "document.activeElement.matches('.mend summary')")
    page.press("Enter")
    _tab_to(page, "document.activeElement.value == 'speaker'")
    page.press(" ", " ")
    _tab_to(page, "document.activeElement.id == 'mend-speaker'")
    page.write("Sela Vane")
    _tab_to(page, "document.activeElement.id == 'mend-because'")
    page.write("I was there")
    page.press("Enter")
    page.until(
        "document.body.innerText.includes('I was there') && document.readyState == 'complete'"
    )
    assert "said by Sela Vane" in page.run("document.body.innerText")
    wrong = []
    for name, address in (("quotation", at), ("corrections", home + "/corrections")):
        for width in WIDTHS:
            for dark in (False, True):
                look = f"mend-{name}-{width}{'-dark' if dark else ''}"
                seen = page.look(address, look, width=width, dark=dark)
                page.run("document.querySelectorAll('details').forEach(one => { one.open = true })")
                wide = page.run("document.documentElement.scrollWidth")
                elsewhere = [one for one in seen.asked if not one.startswith(home + "/")]
                wrong += [
                    f"{look}: {what}"
                    for what in (seen.complaints, elsewhere, barriers(page))
                    if what
                ]
                if wide > width:
                    wrong.append(f"{look}: {wide} wide")
    assert not wrong, "\n".join(wrong)
    page.look(home + "/corrections", "mend-list", width=1400)
    _tab_to(page, "document.activeElement.innerText?.startsWith('Take it back')")
    page.press("Enter")
    page.until("document.body.innerText.includes('before it took effect')")


def _tab_to(page: Page, what: str) -> None:
    for _ in range(300):
        page.press("Tab")
        if page.run(what):
            return
    raise AssertionError(f"never at {what}")
