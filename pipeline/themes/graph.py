"""Statements linked to their nearest, and the communities of that graph (Leiden: Traag et al. 2019, seeded)."""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from onrecord.pipeline.core.settings import ClusterSettings
from onrecord.pipeline.machine.vectors import AT_ONCE
from onrecord.pipeline.statements.comparing.candidates import nearest
from onrecord.pipeline.statements.comparing.likeness import Floats, Ints, VectorRows

NEIGHBOURS = 10
LINKED = 32
"""Likeness in hundredths from which two statements are linked; unrelated English sentences under MiniLM reach 30."""

_SHARED_WORDS = 40
"""What all telling words in common add to a likeness: by vectors alone, all that is said of one person is alike."""

_ALONE = 2
"""What a link weighs beside each neighbour that both ends have in common."""

_DIGITS = 2
"""Digits of a likeness that count: what a processor, or a model on it, does otherwise is far below."""

_PAIRS_AT_ONCE = 2048
_LINKS_AT_ONCE = 1_000_000

_ROUNDS = 2

_TENTHS = 30
"""A statement leaves its theme where it has more than this many tenths of its links to another one."""


Places = NDArray[np.integer[Any]]
"""Numbers of statements, of whatever width."""


class Wordings(NamedTuple):
    """Statements by vectors and words: `rows` of a matrix of unit vectors, and a unit row of `terms` for each."""

    vectors: VectorRows
    rows: Ints
    terms: Any

    def take(self, statements: Ints | list[int]) -> Wordings:
        """Those of some statements."""
        return self._replace(rows=self.rows[statements], terms=self.terms[statements])

    def centre(self) -> Floats:
        """The direction in which all lie together."""
        parts = [self.rows[at : at + AT_ONCE] for at in range(0, len(self.rows), AT_ONCE)]
        made = np.sum([self.vectors[part].sum(axis=0, dtype=np.float64) for part in parts], axis=0)
        centre: Floats = made / max(float(np.linalg.norm(made)), 1e-9)
        return centre

    def likeness(self, centre: Floats) -> Floats:
        """Cosine of each to a centre; added up row by row, so that it does not hang on threads."""
        parts = [self.rows[at : at + AT_ONCE] for at in range(0, len(self.rows), AT_ONCE)]
        made = np.concatenate([(self.vectors[part] * centre).sum(axis=1) for part in parts])
        return np.round(made, _DIGITS)

    def like(self, statements: Ints, centres: Floats, of: Ints) -> Floats:
        """Cosine of each of some statements to the centre in one row of `centres`, as above."""
        made = np.empty(len(statements))
        for at in range(0, len(statements), AT_ONCE):
            part = slice(at, at + AT_ONCE)
            vectors = self.vectors[self.rows[statements[part]]]
            made[part] = (vectors * centres[of[part]]).sum(axis=1)
        return np.round(made, _DIGITS)

    def alike(self, left: Places, right: Places) -> Ints:
        """How alike two statements of each pair are, in hundredths: their vectors, and the words that both say."""
        cosines = np.empty(len(left))
        for at in range(0, len(left), _PAIRS_AT_ONCE):
            part = slice(at, at + _PAIRS_AT_ONCE)
            one, two = (
                self.vectors[self.rows[end[part]]].astype(np.float32) for end in (left, right)
            )
            # In double precision sums differ by far less than what is rounded off.
            cosines[part] = np.einsum("ij,ij->i", one, two, dtype=np.float64)
        return alike(cosines, self.terms, left, right)


def alike(cosines: Floats, terms: Any, left: Places, right: Places) -> Ints:
    """How alike pairs of these cosines are, in hundredths; `terms` has a unit row (sparse) for each statement."""
    made = np.empty(len(left), dtype=np.int64)
    for at in range(0, len(left), _PAIRS_AT_ONCE):
        part = slice(at, at + _PAIRS_AT_ONCE)
        shared = terms[left[part]].multiply(terms[right[part]]).sum(axis=1)
        words = np.round(np.asarray(shared).ravel(), 6)
        made[part] = np.rint(np.round(cosines[part] * 100, 9)) + np.rint(words * _SHARED_WORDS)
    return made


class Links(NamedTuple):
    """Weighted links between `size` statements: distinct pairs with left < right, sorted."""

    size: int
    left: NDArray[np.int32]
    right: NDArray[np.int32]
    weights: NDArray[np.int32]
    """Whole numbers, so that sums of them are the same in any order."""

    def split(self, parts: Sequence[Sequence[int]]) -> list[Links]:
        """The links within each of some disjoint sets of statements (each sorted), which are numbered anew."""
        of, place = np.full(self.size, -1), np.zeros(self.size, dtype=np.int32)
        for number, members in enumerate(parts):
            of[list(members)], place[list(members)] = number, np.arange(len(members))
        kept = np.flatnonzero((of[self.left] == of[self.right]) & (of[self.left] >= 0))
        kept = kept[np.argsort(of[self.left[kept]], kind="stable")]
        ends = np.searchsorted(of[self.left[kept]], np.arange(len(parts)), side="right")
        return [
            Links(len(members), place[self.left[at]], place[self.right[at]], self.weights[at])
            for members, at in zip(parts, np.split(kept, ends)[: len(parts)], strict=True)
        ]

    def graph(self, of: Ints) -> tuple[Any, Floats]:
        """A graph (igraph) with a vertex for each number of `of`, and its weights.

        Statements with the same number are one vertex. The links within are its loop, so the quality that Leiden seeks
        is that of each statement held in place.
        """
        import igraph

        size = int(of.max(initial=-1)) + 1
        one: Places = self.left
        two: Places = self.right
        if size == self.size:
            weights = self.weights.astype(np.float64)
        else:
            one, two = of[self.left], of[self.right]
            pairs, at = np.unique(
                np.minimum(one, two) * size + np.maximum(one, two), return_inverse=True
            )
            weights = np.bincount(at, self.weights).astype(np.float64, copy=False)
            one, two = pairs // size, pairs % size
            del pairs, at
        graph = igraph.Graph(n=size)
        # All at once would take three times the memory.
        for start in range(0, len(one), _LINKS_AT_ONCE):
            part = slice(start, start + _LINKS_AT_ONCE)
            edges: Any = np.column_stack([one[part], two[part]]).astype(np.int64, order="C")
            graph.add_edges(memoryview(edges))
        return graph, weights


def linked(wordings: Wordings) -> Links:
    """The links of statements to their nearest: heavier the more alike they are, and the more neighbours they share."""
    size = len(wordings.rows)
    left, right = _neighbours(wordings)
    pairs = np.unique(_pairs(left, right, size))
    one, two = (pairs // size).astype(np.int32), (pairs % size).astype(np.int32)
    hundredths = wordings.alike(one, two)
    near = hundredths >= LINKED
    kept = near[np.searchsorted(pairs, _pairs(left, right, size))]
    del pairs
    left, right, one, two = left[kept], right[kept], one[near], two[near]
    common = in_common(left, right, size, one, two)
    return Links(size, one, two, weight(hundredths[near], common))


def _neighbours(wordings: Wordings) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """Each statement (left) with each of its nearest, in numbers of half the size: there are ten times as many."""
    rows = nearest(wordings.vectors, wordings.rows, wordings.rows, NEIGHBOURS + 1)[1]
    left = np.repeat(np.arange(len(rows), dtype=np.int32), rows.shape[1])
    right = rows.astype(np.int32).ravel()
    keep = (right >= 0) & (left != right)
    return left[keep], right[keep]


def _pairs(left: Places, right: Places, size: int) -> Ints:
    """A number for each pair, whichever stands first."""
    made: Ints = np.minimum(left, right).astype(np.int64)
    made *= size
    made += np.maximum(left, right)
    return made


def in_common(left: Places, right: Places, size: int, one: Places, two: Places) -> Ints:
    """How many neighbours both ends of some pairs have, where `left` has `right` for its neighbour."""
    from scipy.sparse import csr_array

    ones = np.ones(len(left), dtype=np.int16)
    neighbours = csr_array((ones, (left, right)), shape=(size, size))
    common = np.empty(len(one), dtype=np.int64)
    for at in range(0, len(one), _PAIRS_AT_ONCE):
        part = slice(at, at + _PAIRS_AT_ONCE)
        common[part] = neighbours[one[part]].multiply(neighbours[two[part]]).sum(axis=1)
    return common


def weight(hundredths: Ints, common: Ints) -> NDArray[np.int32]:
    """What links weigh between two that are so alike and have so many neighbours in common."""
    return ((hundredths - LINKED + 1) * (_ALONE + common)).astype(np.int32)


def communities(
    links: Links, before: Ints, resolution: float, settings: ClusterSettings
) -> list[list[int]]:
    """Communities of enough members, largest first.

    `before` is where the search starts: the number of the theme that each statement was in, -1 for none.
    """
    if not len(links.weights):
        return []
    stays = _staying(links, before)
    # What stays together is one vertex, whatever its size.
    start = _start(before, stays)
    graph, weights = links.graph(start)
    search = _held if stays.any() else _free
    found = search(graph, weights, np.unique(start[stays]), resolution, settings.seed)[start]
    order = np.argsort(found, kind="stable")
    made = [
        members.tolist()
        for members in np.split(order, np.cumsum(np.bincount(found))[:-1])
        if len(members) >= settings.min_theme_statements
    ]
    return sorted(made, key=lambda members: (-len(members), members[0]))


def _free(graph: Any, weights: Floats, _: Ints, resolution: float, seed: int) -> Ints:
    """The community of each vertex, none of which is held: igraph has the same algorithm for that alone, which takes a
    seventh of the time and a third of the memory."""
    import igraph

    igraph.set_random_number_generator(random.Random(seed))  # noqa: S311 - it guards nothing
    try:
        found = graph.community_leiden(
            "modularity", weights=_told(weights), resolution=resolution, n_iterations=_ROUNDS
        )
    finally:
        igraph.set_random_number_generator(random)
    return np.array(found.membership)


def _held(graph: Any, weights: Floats, fixed: Ints, resolution: float, seed: int) -> Ints:
    """The same where the vertices of some numbers stay."""
    import leidenalg

    held = np.zeros(graph.vcount(), dtype=bool)
    held[fixed] = True
    # As a graph's own, weights would stay in memory twice.
    partition = leidenalg.RBConfigurationVertexPartition(
        graph, weights=_told(weights), resolution_parameter=resolution
    )
    optimiser = leidenalg.Optimiser()
    optimiser.set_rng_seed(seed)
    optimiser.optimise_partition(partition, n_iterations=_ROUNDS, is_membership_fixed=held.tolist())
    return np.array(partition.membership)


def _told(weights: Floats) -> list[float]:
    """Weights in a list, equal ones as one number: there are few, and a number each would take five times the room."""
    different, at = np.unique(weights, return_inverse=True)
    return list(map(different.tolist().__getitem__, at))


def placed(
    links: Links,
    free: int,
    themes: Ints,
    sizes: Ints,
    whole: int,
    resolution: float,
    settings: ClusterSettings,
) -> Ints:
    """Where each of the first `free` statements of `links` goes: the number of a theme, or one below -1 of its own.

    `themes` has the number of the theme that each statement is in, -1 for none: these stay. Of a theme's links only
    those to what is free are at hand: of its others there are taken to be as many as its size (`sizes`, by number)
    among the `whole` makes likely.
    """
    import igraph
    import leidenalg

    touched, of = np.unique(themes[themes >= 0], return_inverse=True)
    vertex = np.arange(free + len(touched) + 1)
    at = np.concatenate([vertex[:free], np.full(len(themes) - free, vertex[-1])])
    at[themes >= 0] = free + of
    one, two = at[links.left], at[links.right]
    pairs, of = np.unique(
        np.minimum(one, two) * len(vertex) + np.maximum(one, two), return_inverse=True
    )
    weights = np.bincount(of, links.weights, minlength=len(pairs)).astype(np.float64)
    one, two = pairs // len(vertex), pairs % len(vertex)
    strength = np.bincount(one, weights, len(vertex)) + np.bincount(two, weights, len(vertex))
    usual = strength[:free].mean() if free else 0.0
    wanted = np.append(sizes[touched], max(0, whole - free - int(sizes[touched].sum()))) * usual
    loops = np.maximum(wanted - strength[free:], 0) / 2
    edges = np.concatenate([np.column_stack([one, two]), np.repeat(vertex[free:, None], 2, axis=1)])
    graph = igraph.Graph(n=len(vertex), edges=edges)
    partition = leidenalg.RBConfigurationVertexPartition(
        graph, weights=[*weights, *loops], resolution_parameter=resolution
    )
    fixed = vertex >= free
    optimiser = leidenalg.Optimiser()
    optimiser.set_rng_seed(settings.seed)
    optimiser.optimise_partition(partition, n_iterations=2, is_membership_fixed=fixed.tolist())
    found = np.array(partition.membership)
    names = -2 - np.arange(len(vertex))
    names[found[free:-1]] = touched
    # What goes with the rest alone goes nowhere.
    made: Ints = names[found[:free]]
    return made


def _start(before: Ints, stays: NDArray[np.bool_]) -> Ints:
    """A number for all that stay in a theme, and one for each other statement, in the order of their first.

    From inside its old theme Leiden might see no reason to move a statement: one that leaves starts alone.
    """
    places = np.arange(len(before))
    _, first, theme = np.unique(before[stays], return_index=True, return_inverse=True)
    places[stays] = places[stays][first[theme]]
    numbers: Ints = np.unique(places, return_inverse=True)[1]
    return numbers


def _staying(links: Links, before: Ints) -> NDArray[np.bool_]:
    """Which statements stay in the theme they were in: those that are not clearly nearer to another one.

    Of 911 articles of which a tenth is new: 97% of themes keep their identity, and 94% of members stay.
    """
    placed: NDArray[np.bool_] = before >= 0
    if not placed.any():
        return placed
    one = np.concatenate([links.left, links.right])
    theme = before[np.concatenate([links.right, links.left])]
    known = theme >= 0
    themes = int(before.max()) + 1
    pairs, at = np.unique(one[known] * themes + theme[known], return_inverse=True)
    together = np.bincount(at, np.tile(links.weights, 2)[known])
    one, theme = pairs // themes, pairs % themes
    own = np.zeros(len(before))
    mine = before[one] == theme
    own[one[mine]] = together[mine]
    other = np.zeros(len(before))
    np.maximum.at(other, one[~mine], together[~mine])
    return placed & (10 * other <= _TENTHS * own)
