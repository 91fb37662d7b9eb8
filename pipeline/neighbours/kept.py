"""Kept lists opened: searched, added to, merged, built again."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from threading import Lock
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from onrecord.pipeline.neighbours import cells as of_cells
from onrecord.pipeline.neighbours import lists as of_lists
from onrecord.pipeline.neighbours.lists import AT_ONCE, Vectors, rows_of

Batches = Callable[[], Iterable[tuple[NDArray[np.int64], Vectors]]]
"""Keys and unit vectors, some thousands at a time; told once more each time that it is called."""

PROBES = 6
"""Cells that are looked into where not all are."""

_EXACT_UP_TO = 12_000
"""Vectors among themselves up to which every one is looked at."""

_BY_QUESTION = 3
"""How faiss shares out a search whose cells are known: without being told it uses one core."""

_SLACK, _DIGITS = 8, 5
"""How many more neighbours are asked for than are wanted, and the digits of a cosine that tell which is nearer."""


class Near(NamedTuple):
    """Keys and cosines [asked, count] of the nearest, the nearest first, of equal ones the lower key; key -1 and minus
    infinity where there is none."""

    keys: NDArray[np.int64]
    likeness: NDArray[np.float32]


class Kept:
    """Lists in files, of one model and the same cells."""

    def __init__(
        self, cells: Path, lists: Sequence[Path], model: str = "", *, stay: bool = False
    ) -> None:
        """Open them. Raises Damaged, naming the file, where one is not what it should be.

        `stay` has the lists stay mapped, for who searches again and again: else half the time goes into mapping them.
        """
        self._cells, self._files = of_cells.opened(cells), list(lists)
        self._directories: list[of_lists.Directory] | None = None
        self._open: list[Any] | None = None
        # How many cells an index looks into is a setting of its own, and one that stays is everybody's.
        self._lock = Lock()
        if stay:
            self._open = list(self._opened())
        self.rows = [one.ntotal for one in self._opened()]
        self.model = model
        self.cells, self.width = int(self._cells.ntotal), int(self._cells.d)

    def _opened(self) -> Iterator[Any]:
        """Indexes of the lists, each open only while it is looked at.

        What was read of a mapped file counts as memory of the process until it is closed.
        """
        if self._open is not None:
            yield from self._open
            return
        for file in self._files:
            yield of_lists.opened(self._cells, file)

    @property
    def outgrown(self) -> bool:
        """Whether the cells are to be learned again."""
        return of_cells.outgrown(self.cells, sum(self.rows))

    def search(
        self,
        vectors: Vectors,
        count: int,
        probes: int | None = None,
        without: NDArray[np.int64] | None = None,
        among: NDArray[np.int64] | None = None,
    ) -> Near:
        """The nearest to each of some unit vectors; those that have a key of `without` are passed over, or all
        that have none of `among`.

        `probes` are the cells looked into; every vector is looked at where that is no more work than 12,000 among
        themselves.
        """
        if probes is None:
            few = len(vectors) * sum(self.rows) <= _EXACT_UP_TO**2
            probes = self.cells if few else PROBES
        sel = _selector(without, among)
        made = [self._block(vectors[at : at + AT_ONCE], count, probes, sel)
                for at in range(0, max(len(vectors), 1), AT_ONCE)]  # fmt: skip
        return Near(*(np.concatenate(parts) for parts in zip(*made, strict=True)))

    def _block(self, vectors: Vectors, count: int, probes: int, sel: Any | None) -> Near:
        import faiss

        asked = np.ascontiguousarray(vectors, dtype=np.float32)
        products, cells = self._cells.search(asked, min(probes, self.cells))
        # Those of one cell after each other: it is read once for them all.
        order = np.argsort(cells[:, 0], kind="stable")
        params = None
        if sel is not None:
            # Held by what they are handed to, which what is set on it later is not.
            made: Any = faiss.SearchParametersIVF
            params = made(sel=sel, nprobe=cells.shape[1])
        # Of equally near ones the first counts, whichever faiss met first: it is asked for some more.
        more = count + _SLACK
        keys = np.full((len(asked), more), -1, dtype=np.int64)
        likeness = np.full((len(asked), more), -np.inf, dtype=np.float32)
        for index in self._opened():
            with self._lock:
                index.parallel_mode, index.nprobe = _BY_QUESTION, cells.shape[1]
                if params is None:
                    near, found = index.search_preassigned(
                        asked[order], more, cells[order], products[order]
                    )
                else:
                    near, found = index.search(asked[order], more, params=params)
            back = np.argsort(order)
            near = np.where(found[back] >= 0, np.round(near[back].astype(np.float64), _DIGITS), -np.inf)  # fmt: skip
            near = np.concatenate([likeness, near.astype(np.float32)], axis=1)
            found = np.concatenate([keys, found[back]], axis=1)
            best = np.lexsort((found, -near), axis=1)[:, :more]
            likeness = np.take_along_axis(near, best, axis=1)
            keys = np.take_along_axis(found, best, axis=1)
        return Near(keys[:, :count], likeness[:, :count])

    def taken(self, keys: NDArray[np.int64]) -> NDArray[np.float16]:
        """The vectors [len(keys), width] of some keys, NaN where one is not held."""
        if self._directories is None:
            self._directories = [of_lists.directory(index) for index in self._opened()]
        made = np.full((len(keys), self.width), np.nan, dtype=np.float16)
        for file, of in zip(self._files, self._directories, strict=True):
            of_lists.taken(file, of, keys, made)
        return made

    def vectors(self) -> Iterator[tuple[NDArray[np.int64], NDArray[np.float16]]]:
        """All keys and vectors, a cell of a file at a time."""
        for index in self._opened():
            yield from rows_of(index)

    def add(self, keys: NDArray[np.int64], vectors: Vectors, file: Path) -> Path:
        """Write a file that holds some more vectors; these lists stay as they were opened."""
        return of_lists.write(self._cells, keys, vectors, file)

    def merged(self, numbers: Sequence[int], file: Path) -> Path:
        """Write a file that holds what some files do, given by their places."""
        return of_lists.merged(
            [of_lists.opened(self._cells, self._files[one]) for one in numbers], file
        )


def _selector(without: NDArray[np.int64] | None, among: NDArray[np.int64] | None) -> Any | None:
    """What tells faiss which keys are looked at; None for all."""
    import faiss

    if among is not None:
        return faiss.IDSelectorBatch(among)
    if without is not None and len(without):
        return faiss.IDSelectorNot(faiss.IDSelectorBatch(without))
    return None


def rebuild(batches: Batches, into: Path, *, cells: bool = True) -> tuple[Path, list[Path]]:
    """Learn cells for what `batches` tell, and write lists of all of it, into a folder: the cells, the lists.

    Without `cells` there is one that holds all: every vector is looked at then, and nothing has to be learned.
    """
    rows = sum(len(keys) for keys, _ in batches())
    step = max(1, rows // max(of_cells.wanted(rows), 1))
    sample, seen = [], 0
    for keys, vectors in batches():
        sample.append(np.asarray(vectors)[-seen % step :: step].astype(np.float16))
        seen += len(keys)
    if not rows:
        raise ValueError("there are no vectors to learn cells from")
    into.mkdir(parents=True, exist_ok=True)
    told = into / "new.cells"
    of_cells.train(np.concatenate(sample), rows if cells else 1, told)
    learned = of_cells.opened(told)
    lists: list[Path] = []
    held: list[tuple[NDArray[np.int64], Vectors]] = []
    for keys, vectors in batches():
        if held and sum(len(one) for one, _ in held) + len(keys) > of_lists.LARGEST:
            lists.append(_written(learned, held, into / f"{len(lists)}.lists"))
            held = []
        held.append((keys, np.asarray(vectors, dtype=np.float16)))
    lists.append(_written(learned, held, into / f"{len(lists)}.lists"))
    return told, lists


def _written(cells: Any, held: list[tuple[NDArray[np.int64], Vectors]], file: Path) -> Path:
    keys, vectors = zip(*held, strict=True)
    return of_lists.write(cells, np.concatenate(keys), np.concatenate(vectors), file)
