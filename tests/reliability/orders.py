"""Measure 4: the record is the same however its articles come: again, in another order, in other batches, run by run.

The five stages run here on paths, as the flow runs them, without the engine and the gates, which change no row.
"""

from __future__ import annotations

import functools
import random
from collections.abc import Iterator, Sequence
from pathlib import Path

from onrecord.pipeline.core.settings import Settings
from onrecord.pipeline.stages import steps
from onrecord.pipeline.stages.load import load
from onrecord.pipeline.stages.workplace import Workplace
from onrecord.warehouse.checking.fingerprint import fingerprint
from onrecord.warehouse.publishing import building, publish
from onrecord.warehouse.publishing.snapshot import snapshot
from tests.reliability import corpus
from tests.reliability.content import differing
from tests.reliability.score import Case, Failure

ARTICLES = 10


def cases(folder: Path, seed: int, count: int) -> Iterator[Case]:
    """`count` ways for ten articles to come, each against the record of one run over all in order."""
    for number in range(count):
        place = folder / f"order-{number:03d}"
        chance = random.Random(f"{seed} {number}")
        numbers = chance.sample(range(1000), ARTICLES // 2)
        # Neighbours report the same words.
        numbers = sorted({*numbers, *(number ^ 1 for number in numbers)})
        runs = _runs(chance, numbers)
        yield Case(
            f"{place.name}: runs over {runs}",
            functools.partial(_agrees, place, numbers, runs, chance.randint(1, 6)),
            place,
        )


def _runs(chance: random.Random, numbers: Sequence[int]) -> list[list[int]]:
    """The numbers shuffled and dealt to one to four runs, a few of them twice."""
    order = chance.sample(numbers, len(numbers))
    cuts = sorted(chance.sample(range(1, len(order)), chance.randint(0, 3)))
    dealt = [order[low:high] for low, high in zip([0, *cuts], [*cuts, len(order)], strict=True)]
    return [part + chance.sample(order, chance.randint(0, 2)) for part in dealt]


def _agrees(place: Path, numbers: list[int], runs: list[list[int]], batch: int) -> None:
    sources = {number: corpus.write(place, [number], f"n{number}") for number in numbers}
    whole = _recorded(place / "whole", [list(sources.values())], 64)
    dealt = _recorded(
        place / "dealt", [[sources[number] for number in part] for part in runs], batch
    )
    if len(runs) == 1 and fingerprint(whole) != fingerprint(dealt):
        raise Failure("the logical hash of one run differs")
    if told := differing(whole, dealt):
        raise Failure(told)


def _recorded(home: Path, runs: list[list[Path]], batch: int) -> Path:
    settings = Settings.model_validate({"ingest": {"batch_articles": batch}})
    for number, sources in enumerate(runs):
        _record(home, f"run-{number}", [str(source) for source in sources], settings)
    return publish.require(home)


def _record(home: Path, run_id: str, sources: list[str], settings: Settings) -> None:
    place = Workplace(home / "work" / run_id, run_id)
    with publish.lock(home, run_id):
        snapshot(home, place.known)
        steps.ingest_step(place, sources, settings)
        tallies = [steps.clean_step(place, number) for number in place.stage("ingest").batches()]
        steps.finish_clean(place, tallies, 0.0)
        steps.embed_step(place, settings)
        steps.cluster_step(place, settings)
        built = building.build(home, load(place.stage), run_id=run_id, threads=1)
        publish.publish(home, built, 1)
