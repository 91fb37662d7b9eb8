"""Files beside the record that are lost or damaged: the next run makes them anew, as if nothing had been."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from onrecord.warehouse.asking.query import query
from onrecord.warehouse.checking.breaches import breaches
from onrecord.warehouse.checking.fingerprint import fingerprint
from onrecord.warehouse.publishing import building, publish
from tests.support.mended import article, run

DAYS = [
    [
        article(
            "Coast Wire",
            "quay",
            "“The quay has to be rebuilt before the next winter,” said Nadia Sorel, the mayor.\n\n"
            "“Nobody asked the fishermen what they need,” said Olaf Brekke, who owns a boat.",
        )
    ],
    [
        article(
            "Northgate Herald",
            "quay",
            "“The quay has to be rebuilt before winter,” said Nadia Sorel, the mayor of Ossel.",
        )
    ],
    [
        article(
            "Ossel Mirror",
            "boats",
            "Olaf Brekke said: “Nobody asked the fishermen what they need.”\n\n"
            "“We will pay for half of it,” said Runa Eide, the minister.",
        )
    ],
]


@pytest.fixture(scope="module")
def two_days(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A record of two runs."""
    home = tmp_path_factory.mktemp("two") / "record"
    for day in DAYS[:2]:
        run(home, day)
    return home


@pytest.fixture(scope="module")
def unharmed(two_days: Path) -> Path:
    """The same after a third."""
    home = shutil.copytree(two_days, two_days.with_name("unharmed"))
    run(home, DAYS[2])
    return home


def harm(home: Path, files: str, how: str) -> None:
    for file in (home / "segments").glob(files):
        data = file.read_bytes()
        file.unlink()
        at = len(data) // 4
        if how == "zeros":
            file.write_bytes(bytes(len(data)))
        elif how == "overwritten":
            file.write_bytes(data[:at] + b"\xff" * at + data[2 * at :])


@pytest.mark.parametrize(
    ("files", "how"),
    [("vectors-*", "zeros"), ("*", "missing"), ("neighbours-*", "overwritten")],
)
def test_the_next_run_makes_them_anew(
    two_days: Path, unharmed: Path, tmp_path: Path, files: str, how: str
) -> None:
    home = shutil.copytree(two_days, tmp_path / "record")
    harm(home, files, how)
    # It holds every rule and each file against its hash.
    run(home, DAYS[2])
    assert fingerprint(publish.require(home)) == fingerprint(publish.require(unharmed))
    held = "SELECT utterance_id FROM utterances ORDER BY 1"
    assert query(home, held).equals(query(unharmed, held))


def test_without_its_vectors_nothing_goes_through_the_last_gate(
    two_days: Path, tmp_path: Path
) -> None:
    home = shutil.copytree(two_days, tmp_path / "record")
    harm(home, "vectors-*", "missing")
    found = breaches(building.build(home, {}, run_id="later"))
    (broken,) = found.filter(says="every utterance_id is known in utterances.utterance_id").rows()
    assert broken[2] == 3
    assert broken[3] is None, "a part of the rows was looked at"
