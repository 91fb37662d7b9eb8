"""The pictures of a record: well-formed, true to their numbers, and names in them are words."""

from __future__ import annotations

import base64
from datetime import date, timedelta
from xml.etree import ElementTree

import numpy as np
import polars as pl
import pytest

from onrecord.flows.showing import pictures

SVG = "{http://www.w3.org/2000/svg}"


def drawn(svg: str) -> ElementTree.Element:
    return ElementTree.fromstring(svg)


def said(*rows: tuple[date, str | None, int], unit: str = "day") -> pl.DataFrame:
    schema = {"begins": pl.Date, "speaker": pl.String, "quotations": pl.Int64}
    return pl.DataFrame(rows, schema=schema, orient="row").with_columns(unit=pl.lit(unit))


def themes(sizes: list[int], width: int = 8) -> pl.DataFrame:
    vectors = np.random.default_rng(7).normal(size=(len(sizes), width)).tolist()
    labels = [f"theme {place}, second" for place in range(len(sizes))]
    return pl.DataFrame({"label": labels, "size": sizes, "embedding": vectors})


def test_bars_are_as_high_as_what_was_said() -> None:
    day = date(2026, 3, 1)
    rows = said(
        (day, "Ilse Marrow", 6), (day, None, 2), (day + timedelta(days=3), "Ilse Marrow", 4)
    )
    bars = [bar for bar in drawn(pictures.periods(rows)).iter(f"{SVG}rect") if len(bar)]
    heights = [float(bar.get("height", 0)) for bar in bars]
    assert heights == pytest.approx(
        [pictures.BARS * share for share in (6 / 8, 2 / 8, 4 / 8)], abs=0.01
    )
    assert [bar[0].text for bar in bars] == [
        "Ilse Marrow, 1 Mar: 6",
        "others, 1 Mar: 2",
        "Ilse Marrow, 4 Mar: 4",
    ]
    assert bars[0].get("fill") == bars[2].get("fill") != bars[1].get("fill")


def test_a_single_day_is_a_bar_among_empty_days() -> None:
    picture = drawn(pictures.periods(said((date(2026, 3, 1), None, 1))))
    [bar] = [bar for bar in picture.iter(f"{SVG}rect") if len(bar)]
    assert float(bar.get("width", 0)) < pictures.WIDTH / 7


@pytest.mark.parametrize(
    ("unit", "last", "before", "labels", "places"),
    [
        ("week", date(2026, 3, 2), date(2026, 2, 9), ("2 Mar", "9 Feb"), 3),
        ("month", date(2026, 2, 1), date(2025, 11, 1), ("Feb 2026", "Nov 2025"), 3),
        ("year", date(2026, 1, 1), date(2019, 1, 1), ("2026", "2019"), 7),
    ],
)
def test_time_has_the_scale_that_is_told(
    unit: str, last: date, before: date, labels: tuple[str, str], places: int
) -> None:
    svg = pictures.periods(said((before, None, 2), (last, None, 4), unit=unit))
    picture = drawn(svg)
    told = [text.text for text in picture.iter(f"{SVG}text")]
    assert f"Quotations a {unit}, by speaker" in told
    assert set(labels) <= set(told)
    first, second = (float(bar.get("x", 0)) for bar in picture.iter(f"{SVG}rect") if len(bar))
    shown = max(places + 1, 7)
    step = (pictures.WIDTH - pictures.LEFT - pictures.RIGHT) / shown
    assert (second - first) / step == pytest.approx(places, abs=0.01)


@pytest.mark.parametrize("sizes", [[40, 3], [1000] + [3] * 23])
def test_no_word_of_a_theme_is_cut(sizes: list[int]) -> None:
    made = themes(sizes).with_columns(
        label=pl.Series([f"reconstruction{place}, harbour" for place in range(len(sizes))])
    )
    picture = drawn(pictures.landscape(made))
    told = " ".join(text.text or "" for text in picture.iter(f"{SVG}text"))
    for place in range(len(sizes)):
        assert f"reconstruction{place}" in told or "harbour" in told
    assert "reconstruction1, harbour" in told
    lowest = max(float(text.get("y", 0)) for text in picture.iter(f"{SVG}text"))
    assert lowest < float(picture.get("height", 0))


def test_names_are_words() -> None:
    name = '<script>alert("x")</script>\u202e\x07&'
    svg = pictures.periods(said((date(2026, 3, 1), name, 3)))
    assert "<script" not in svg
    assert any("<script>" in (text.text or "") for text in drawn(svg).iter(f"{SVG}text"))


@pytest.mark.parametrize("sizes", [[5, 3], [40, 3, 3, 3], [9] * 24, [1000] + [3] * 23])
def test_circles_stay_inside_and_hardly_overlap(sizes: list[int]) -> None:
    picture = drawn(pictures.landscape(themes(sizes)))
    circles = [
        [float(circle.get(name, 0)) for name in ("cx", "cy", "r")]
        for circle in picture.iter(f"{SVG}circle")
    ]
    assert len(circles) == len(sizes)
    for x, y, radius in circles:
        assert radius <= x <= pictures.WIDTH - radius
        assert radius <= y <= 380 - radius
    for place, (x, y, radius) in enumerate(circles):
        for other_x, other_y, other in circles[place + 1 :]:
            apart = np.hypot(x - other_x, y - other_y)
            assert apart > 0.75 * (radius + other)


def test_themes_at_one_place_are_parted() -> None:
    same = themes([5, 5, 5]).with_columns(embedding=pl.lit([1.0, 0.0, 0.0]))
    places = [circle.get("cx") for circle in drawn(pictures.landscape(same)).iter(f"{SVG}circle")]
    assert len(set(places)) == 3


def test_the_address_holds_the_picture() -> None:
    svg = pictures.landscape(themes([5, 3]))
    kind, told = pictures.data_uri(svg).split(",")
    assert kind == "data:image/svg+xml;base64"
    assert base64.b64decode(told).decode() == svg
