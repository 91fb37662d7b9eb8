"""How OnRecord came to be here, from a checkout or as a package, and so how what is missing of it comes back."""

from __future__ import annotations

import sys
from importlib.metadata import version
from pathlib import Path
from typing import Final

_ABOVE: Final = Path(__file__).resolve().parents[2]
CHECKOUT: Final = _ABOVE if (_ABOVE / "pyproject.toml").is_file() else None
"""The checkout that this code runs from; None where it was installed as a package."""


def repair() -> str:
    """The command that installs again what OnRecord needs."""
    return "make repair" if CHECKOUT else f"{_pip()} onrecord=={version('onrecord')}"


def bring_back(*places: str | Path) -> str:
    """The command that brings back files of OnRecord's own."""
    if CHECKOUT:
        return f"git checkout -- {' '.join(map(str, places))}"
    return f"{_pip()} --no-deps onrecord=={version('onrecord')}"


def _pip() -> str:
    return f"{sys.executable} -m pip install --force-reinstall"
