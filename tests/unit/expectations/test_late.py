"""What is put off is imported when something is asked of it, and is then the module itself."""

from __future__ import annotations

import subprocess
import sys

import pytest


def told_by(script: str) -> list[str]:
    ran = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    return ran.stdout.split()


PUT_OFF = """
import sys
from onrecord.expectations.late import put_off

import wave
put_off("colorsys", "xml.dom", "wave", "no_such_module")
import colorsys, xml.dom
late = colorsys
print("rgb_to_hls" in vars(late), hasattr(late, "__file__"))
{asked}
import colorsys
print(colorsys is late, colorsys.rgb_to_hls is late.rgb_to_hls, "no_such_module" in sys.modules)
print(sys.modules["wave"] is wave and "open" in vars(wave))
"""


@pytest.mark.parametrize(
    "asked", ["colorsys.rgb_to_hls(0, 0, 0)", "from colorsys import rgb_to_hls"]
)
def test_a_module_put_off_is_imported_when_it_is_asked(asked: str) -> None:
    told = told_by(PUT_OFF.format(asked=asked))
    assert told == ["False", "False", "False", "True", "False", "True"]


def test_a_part_of_a_package_put_off_can_be_imported() -> None:
    script = """
from onrecord.expectations.late import put_off

put_off("xml.dom")
import xml.dom.minidom
import xml.dom
print(xml.dom.minidom.parseString("<a/>").firstChild.tagName, xml.dom.Node.ELEMENT_NODE)
"""
    assert told_by(script) == ["a", "1"]


def test_a_name_that_a_module_put_off_does_not_have_is_an_attribute_error() -> None:
    script = """
from onrecord.expectations.late import put_off

put_off("colorsys")
import colorsys
try:
    colorsys.no_such_colour
except AttributeError as error:
    print(error)
"""
    assert told_by(script)[-1] == "'no_such_colour'"


def test_a_gate_needs_nothing_of_what_is_put_off() -> None:
    script = """
import sys
import polars as pl
from onrecord.expectations.gate import check
from onrecord.pipeline.core.contracts import ARTICLES, REJECTS
from onrecord.pipeline.core.settings import GateSettings

tables = {"articles": ARTICLES.empty(), "rejects": REJECTS.empty()}
counts = dict.fromkeys(("rows_in", "rows_out", "rejected", "duplicates", "yielded"), 0)
verdict = check("ingest", tables, counts, GateSettings(), "20260301T060000-aaaa")
unchecked = verdict.results["observed"].str.contains("could not be checked").sum()
print(verdict.results.height > 10, unchecked)
print(*(type(sys.modules[name]).__name__ for name in ("scipy.stats", "altair")))
"""
    assert told_by(script) == ["True", "0", "_Late", "_Late"]
