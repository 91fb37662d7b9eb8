"""What was changed and sealed again is found by computing it anew."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from onrecord.warehouse import ledger
from onrecord.warehouse.checking import deep
from onrecord.warehouse.checking.verify import verify
from onrecord.warehouse.publishing.seal import seal
from tests.support import record
from tests.support.tampering import changed, changed_vectors


class Tiny:
    """The model that the invented record was made with."""

    name, width = record.MODEL, record.WIDTH

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        made = np.array([record.vector(text) for text in texts], np.float32)
        # With the batch the last digits change, as those of a real model do.
        return made + np.float32(1e-5)


def resealed(home: Path, sql: str) -> None:
    """Change the published file, and seal it again so that no digest tells."""
    (changed_vectors if "utterances" in sql else changed)(home, sql)
    (entry,) = ledger.entries(home)
    ledger.seal(home, entry, 1, seal(home / "onrecord.duckdb")._asdict())


def found(home: Path) -> set[tuple[str, str]]:
    return {(problem.check, problem.table) for problem in verify(home, embedder=Tiny())}


def test_a_sound_record_passes(home: Path) -> None:
    assert found(home) == set()


SWAPPED = """
UPDATE utterances AS u SET embedding = o.embedding FROM (
    SELECT min(utterance_id) AS one, max(utterance_id) AS two FROM utterances
) AS of, utterances AS o
WHERE (u.utterance_id = of.one AND o.utterance_id = of.two)
    OR (u.utterance_id = of.two AND o.utterance_id = of.one)
"""
NUDGED = f"""
UPDATE utterances SET embedding = {[0.6, 0.8] + [0.0] * (record.WIDTH - 2)}
WHERE utterance_id = (SELECT min(utterance_id) FROM utterances)
"""


@pytest.mark.parametrize(("sql", "rows"), [(SWAPPED, 2), (NUDGED, 1)], ids=["swapped", "nudged"])
def test_a_vector_that_is_not_that_of_its_words_is_found(home: Path, sql: str, rows: int) -> None:
    resealed(home, sql)
    assert verify(home) == []
    (problem,) = verify(home, embedder=Tiny())
    assert (problem.check, problem.table, problem.rows) == ("vectors", "utterances", rows)


def test_a_vector_of_another_width_is_found(home: Path) -> None:
    resealed(home, "UPDATE utterances SET embedding = [1.0, 0.0]")
    assert ("vectors", "utterances") in found(home)


@pytest.mark.parametrize(
    ("sql", "table"),
    [
        ("UPDATE utterances SET text = upper(text)", "utterances"),
        (
            "UPDATE quotations SET start = start + 1, text = substr(text, 2),"
            " spans = [{'start': start + 1, 'end': \"end\"}]",
            "quotations",
        ),
    ],
)
def test_an_identity_that_does_not_follow_from_its_row_is_found(
    home: Path, sql: str, table: str
) -> None:
    resealed(home, sql)
    assert ("identity", table) in found(home)


def test_a_count_that_is_not_that_of_its_rows_is_found(home: Path) -> None:
    resealed(home, "UPDATE statements SET quotations = quotations + 1")
    assert ("count", "statements") in found(home)


def test_another_model_is_told(home: Path) -> None:
    class Other(Tiny):
        name = "another@1"

    (problem,) = verify(home, embedder=Other())
    assert "cannot be made anew" in str(problem)


def test_the_sample_is_no_more_than_asked_for(home: Path) -> None:
    asked: list[int] = []

    class Counting(Tiny):
        def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
            asked.append(len(texts))
            return super().encode(texts)

    assert list(deep.recomputed(home / "onrecord.duckdb", Counting(), sample=2)) == []
    assert asked == [2]
