"""Statements on one subject, at two grains: Leiden communities of a graph of nearest statements.

Vectors of statements are linked to their nearest neighbours (faiss), communities are found at a low
resolution, and within each at a higher one (Traag et al. 2019, seeded). Labels are the words that
set a theme apart from the others (c-TF-IDF, Grootendorst 2022). A statement that is near to nothing
is in no theme. Identities are carried over from the themes before by overlap.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from itertools import chain, groupby
from typing import Any, NamedTuple

import numpy as np
import polars as pl
from numpy.typing import NDArray

from pipeline import contracts, ids
from pipeline.settings import ClusterSettings
from pipeline.statements.candidates import nearest
from pipeline.statements.features import Floats, Ints, Spoken, Vectors
from pipeline.statements.wording import weight, words
from pipeline.vectors import AT_ONCE

_NEIGHBOURS = 15
_LINKED = 0.32
"""Cosine from which two statements are linked; unrelated English sentences under MiniLM reach
0.3."""

_STEPS = 2048
"""Steps of a vector's element; a cosine is then right to about 0.001, that with a centre to 0.0002."""

_LINKS_AT_ONCE = 1_000_000

_TYPICAL = 0.35
"""A statement less like its theme's centre than this is left out."""

_BROAD, _FINE = 0.6, 1.8
_SPLIT_FROM = 4
_CARRIED = 0.3
_CLEARLY = 1.3
"""A statement leaves its theme where it has this many times the links to another one."""

_STEADY = 0.5
"""Themes stay as they are while at least this share of the statements was in one before."""

_TELLING = 0.42
"""Words lighter than this (the 70 most used of English) tell of no subject."""

_EMPTY_WORDS = frozenset(
    """
    about above across after again against almost along also although always among another any around because been
    before behind being below between both but can could despite does down during each even ever every few first
    from had has have here hers him his how however into its itself last less like made many may more most much must
    myself near next nor not now off once one only onto our ours ourselves out over own per rather same second she
    should since some such than that the their theirs them themselves then there therefore these they this those
    three through thus too two under unless until upon was were what whatever when where whether which while who
    whoever whom whose why will with within without you your yours yourself
    able actually added added ago allow already always anybody anyone anything away bad based become believe better
    big bring called came cannot care certain certainly clear clearly come comes coming complete completely course
    deal decision decided different difficult doing done does did either else entire especially every everybody
    everyone everything exactly expect fact far feel felt find forward full fully gets getting give given gives giving
    glad goes going gone good got great happen happened happening happens hard having hear heard help hope idea
    important impossible instead issue issues just keep kind knew know knows large later least left let level likely
    little live look looking looks lot lots main make makes making matter maybe mean means might moment need needed
    needs never nobody nothing obviously often ones others ought particular past people perhaps person place point
    possible probably problem problems put question quite ready real really reason reasons right said saying says
    see seem seems seen sense serious several shall show simply single situation small somebody someone something
    soon sort start started still stop sure take taken takes taking talk talking tell terms thank thanks thing things
    think thinking thought time times today together told tomorrow took toward towards tried trouble true truly try
    trying turn understand use used using various very wanted wants want way ways went whole willing won work working
    works would wrong yes yesterday yet
    """.split()  # noqa: SIM905
)
"""Words that people use whatever they speak of."""

_FEW = 4
"""In a theme of fewer statements a term that stands in one of them is a keyword too."""

_KEYWORDS = 8
_LABEL = 3


class Themed(NamedTuple):
    """THEMES and THEME_MEMBERS, both whole."""

    themes: pl.DataFrame
    theme_members: pl.DataFrame


class _Wordings(NamedTuple):
    """The vectors of statements: `rows` of a matrix of unit vectors, in whole steps."""

    steps: Vectors
    rows: Ints

    def take(self, statements: Ints | list[int]) -> _Wordings:
        """Those of some statements."""
        return self._replace(rows=self.rows[statements])

    def likeness(self) -> Floats:
        """Cosine of each to the centre of all; added up row by row, so that it does not hang on threads."""
        parts = [self.rows[at : at + AT_ONCE] for at in range(0, len(self.rows), AT_ONCE)]
        # Sums of whole numbers are exact, in whatever order the rows come.
        centre = sum(self.steps[part].sum(axis=0, dtype=np.float64) for part in parts)
        centre /= max(float(np.linalg.norm(centre)), 1e-9) * _STEPS
        return np.concatenate([(self.steps[part] * centre).sum(axis=1) for part in parts])


class _Theme(NamedTuple):
    members: list[int]
    parent: int | None


def find_themes(
    statements: pl.DataFrame,
    vectors: NDArray[np.float16],
    spoken: Spoken,
    names: Iterable[str],
    known: Themed,
    settings: ClusterSettings,
) -> Themed:
    """Themes of `statements` (statement_id, row), each with its row of `vectors`, which are overwritten, and `spoken`.

    `names` are the speakers' names, which label nothing. The search starts from the `known` themes, so that a few new
    statements do not reshuffle the old ones. Of statements equally typical of a theme, the first counts. Fewer
    statements than a theme needs give no theme.
    """
    _in_steps(vectors)
    rows = statements["row"].to_numpy().astype(np.int64)
    usable = np.isfinite(vectors.sum(axis=1, dtype=np.float32))[rows]
    least = settings.min_theme_statements
    if usable.sum() < least:
        return Themed(contracts.THEMES.empty(), contracts.THEME_MEMBERS.empty())
    wordings, statements = _Wordings(vectors, rows[usable]), statements.filter(usable)
    at_hand = statements["statement_id"].to_list()
    graph = _graph(wordings)
    found: list[_Theme] = []
    before = _before(known, at_hand, broad=True), _before(known, at_hand, broad=False)
    for broad in _communities(graph, wordings, before[0], _BROAD, settings):
        found.append(_Theme(broad, None))
        if len(broad) < _SPLIT_FROM * least:
            continue
        inside = [before[1][at] for at in broad]
        within = graph.induced_subgraph(broad)
        part = _communities(within, wordings.take(broad), inside, _FINE, settings)
        if len(part) > 1:
            parent = len(found) - 1
            found.extend(_Theme([broad[at] for at in fine], parent) for fine in part)
    named = {word for name in names for word in words(name)}
    told = spoken.take(wordings.rows)
    return _tables(found, at_hand, told, wordings, named, known.theme_members)


def _in_steps(vectors: NDArray[np.float16]) -> None:
    """Turn the elements of unit vectors into counts of steps.

    Products and sums of whole numbers are exact in single precision, in whatever order threads add them up, and those
    up to 2,048 in half of it.
    """
    for at in range(0, len(vectors), AT_ONCE):
        part = slice(at, at + AT_ONCE)
        vectors[part] = np.rint(vectors[part].astype(np.float32) * _STEPS)


def _graph(wordings: _Wordings) -> Any:
    import igraph

    pairs, weights = _links(wordings)
    size = len(wordings.rows)
    graph = igraph.Graph(n=size)
    # All at once would take three times the memory.
    for at in range(0, len(pairs), _LINKS_AT_ONCE):
        part = pairs[at : at + _LINKS_AT_ONCE]
        edges: Any = np.ascontiguousarray(np.column_stack([part // size, part % size]))
        graph.add_edges(memoryview(edges))
    graph.es["weight"] = weights.tolist()
    return graph


def _links(wordings: _Wordings) -> tuple[Ints, Floats]:
    """Distinct pairs of near statements, as left * size + right, and their weights."""
    size = len(wordings.rows)
    products, rows = nearest(wordings.steps, wordings.rows, wordings.rows, _NEIGHBOURS + 1)
    cosines = (products / np.float32(_STEPS**2)).ravel()
    left, right = np.repeat(np.arange(size), rows.shape[1]), rows.ravel()
    keep = (right >= 0) & (left != right) & (cosines >= _LINKED)
    left, right = left[keep], right[keep]
    keys = np.minimum(left, right) * size + np.maximum(left, right)
    pairs, first = np.unique(keys, return_index=True)
    return pairs, np.maximum(cosines[keep][first] - _LINKED, 0.01)


def _before(known: Themed, at_hand: list[str], *, broad: bool) -> list[str | None]:
    """The theme that each statement was in, at one grain; None where it was in none."""
    grain = known.themes.filter(
        pl.col("parent_id").is_null() if broad else pl.col("parent_id").is_not_null()
    )
    held = known.theme_members.join(grain.select("theme_id"), on="theme_id", how="semi")
    of_statement = dict(held.select("statement_id", "theme_id").iter_rows())
    return [of_statement.get(identity) for identity in at_hand]


def _communities(
    graph: Any,
    wordings: _Wordings,
    before: list[str | None],
    resolution: float,
    settings: ClusterSettings,
) -> list[list[int]]:
    """Communities of enough typical members, largest first; `before` is where the search starts."""
    import leidenalg

    if not graph.ecount():
        return []
    stays = _staying(graph, before)
    numbers: dict[str, int] = {}
    # From inside its old theme Leiden might see no reason to move a statement: one that leaves starts alone.
    start = [
        numbers.setdefault(theme if theme and stay else f"alone {at}", len(numbers))
        for at, (theme, stay) in enumerate(zip(before, stays, strict=True))
    ]
    fixed = np.zeros(len(numbers), dtype=bool)
    fixed[np.array(start)[stays]] = True
    partition = leidenalg.RBConfigurationVertexPartition(
        _contracted(graph, start), weights="weight", resolution_parameter=resolution
    )
    optimiser = leidenalg.Optimiser()
    optimiser.set_rng_seed(settings.seed)
    optimiser.optimise_partition(partition, n_iterations=3, is_membership_fixed=fixed.tolist())
    found = np.array(partition.membership)[start]
    order = np.argsort(found, kind="stable")
    communities = np.split(order, np.cumsum(np.bincount(found))[:-1])
    made = []
    for members in communities:
        if len(members) >= settings.min_theme_statements:
            kept = members[wordings.take(members).likeness() >= _TYPICAL].tolist()
            if len(kept) >= settings.min_theme_statements:
                made.append(kept)
    return sorted(made, key=lambda members: (-len(members), members[0]))


def _contracted(graph: Any, start: list[int]) -> Any:
    """The graph with a vertex for each number of `start`: what stays together is one, whatever its size.

    The links within are its loop, so the quality that Leiden seeks is the same as with each statement held in place.
    """
    if len(set(start)) == len(start):
        return graph
    few = graph.copy()
    few.contract_vertices(start)
    return few.simplify(loops=False, combine_edges="sum")


def _staying(graph: Any, before: list[str | None]) -> list[bool]:
    """Which statements stay in the theme they were in: those that are not clearly nearer to another one.

    Measured on 300 articles of which a tenth is new: 99% of themes keep their identity, 90% where all may move.

    None where most statements are new: themes of a small record would otherwise shape a large one for good.
    """
    placed = np.array([theme is not None for theme in before], dtype=bool)
    if placed.sum() < _STEADY * len(before):
        return [False] * len(before)
    names = sorted({theme for theme in before if theme is not None})
    number = {theme: at for at, theme in enumerate(names)}
    of_one = np.array([-1 if theme is None else number[theme] for theme in before])
    edges = np.array(graph.get_edgelist(), dtype=np.int64).reshape(-1, 2)
    ends = np.concatenate([edges, edges[:, ::-1]])
    weights = np.tile(np.array(graph.es["weight"]), 2)
    known = placed[ends[:, 1]]
    ends, weights = ends[known], weights[known]
    pairs, at = np.unique(ends[:, 0] * len(names) + of_one[ends[:, 1]], return_inverse=True)
    linked = np.bincount(at, weights)
    one, theme = pairs // len(names), pairs % len(names)
    own = np.zeros(len(before))
    mine = of_one[one] == theme
    own[one[mine]] = linked[mine]
    other = np.zeros(len(before))
    np.maximum.at(other, one[~mine], linked[~mine])
    stays: list[bool] = (placed & (other <= _CLEARLY * own)).tolist()
    return stays


def _tables(
    found: list[_Theme],
    identity: list[str],
    spoken: Spoken,
    wordings: _Wordings,
    named: set[str],
    known_members: pl.DataFrame,
) -> Themed:
    keywords = _keywords(found, spoken, named)
    likeness = [wordings.take(theme.members).likeness() for theme in found]
    typical = [
        identity[theme.members[int(np.argmax(like))]]
        for theme, like in zip(found, likeness, strict=True)
    ]
    carried = _carried(found, identity, typical, known_members)
    themes = [
        {
            "theme_id": carried[number],
            "parent_id": None if theme.parent is None else carried[theme.parent],
            "label": ", ".join(keywords[number][:_LABEL]) or "(no telling word)",
            "keywords": keywords[number],
            "statement_id": typical[number],
            "size": len(theme.members),
        }
        for number, theme in enumerate(found)
    ]
    of = np.repeat(np.arange(len(found)), [len(theme.members) for theme in found])
    members = pl.DataFrame(
        {
            "theme_id": pl.Series(carried, dtype=pl.String).gather(of),
            "statement_id": [identity[at] for theme in found for at in theme.members],
            "similarity": np.clip(np.concatenate([np.empty(0), *likeness]), 0.0, 1.0),
        },
        schema=contracts.THEME_MEMBERS.schema,
    )
    return Themed(pl.DataFrame(themes, schema=contracts.THEMES.schema), members)


def _keywords(found: list[_Theme], spoken: Spoken, named: set[str]) -> list[list[str]]:
    """The most telling words and pairs of words of each theme, by c-TF-IDF among the themes of its
    grain."""
    terms, ends = _terms(spoken, named)
    starts = np.append(0, ends)
    every, counts = np.unique(terms, return_counts=True)
    average = max(1.0, len(terms) / max(1, len(found)))
    width = len(spoken.words)

    def spelled(term: int) -> str:
        one, two = divmod(term, width)
        return " ".join(spoken.words[number] for number in ([one - 1] if one else []) + [two])

    made = []
    for theme in found:
        held = [terms[starts[at] : ends[at]] for at in theme.members]
        told, count = np.unique(np.concatenate(held), return_counts=True)
        usual = (count > 1) | (len(theme.members) < _FEW)
        told, count = told[usual], count[usual]
        everywhere = counts[np.searchsorted(every, told)]
        scores = count / len(theme.members) * np.log1p(average / everywhere)
        order = np.argsort(-scores, kind="stable")
        best = zip(scores[order].tolist(), told[order].tolist(), strict=True)
        alike = groupby(best, key=lambda one: one[0])
        made.append(
            _distinct(
                chain.from_iterable(
                    sorted(spelled(term) for _, term in of_one) for _, of_one in alike
                )
            )
        )
    return made


def _terms(spoken: Spoken, named: set[str]) -> tuple[Ints, Ints]:
    """The distinct telling words and pairs of such words of each row, all on end, and where each row's end.

    A term is the number of its word, or more by (1 + the first word's number) * the number of words.
    """
    tells = np.array([_tells(word, named) for word in spoken.words], dtype=bool)
    width, flat, rows = len(spoken.words), spoken.flat.astype(np.int64), spoken.of_row()
    single = tells[flat]
    double = single[:-1] & single[1:] & (rows[:-1] == rows[1:])
    terms = np.concatenate([flat[single], ((flat[:-1] + 1) * width + flat[1:])[double]])
    of = np.concatenate([rows[single], rows[:-1][double]])
    order = np.lexsort((terms, of))
    terms, of = terms[order], of[order]
    first = np.ones(len(terms), dtype=bool)
    first[1:] = (terms[1:] != terms[:-1]) | (of[1:] != of[:-1])
    terms, of = terms[first], of[first]
    return terms, np.searchsorted(of, np.arange(len(spoken.ends)), side="right")


def _tells(word: str, named: set[str]) -> bool:
    return (
        len(word) > 2
        and not word.isdigit()
        and word not in _EMPTY_WORDS
        and word not in named
        and weight(word) > _TELLING
    )


def _akin(one: str, two: str) -> bool:
    """Whether two words are forms of one: 'russia' and 'russian', 'tax' and 'taxes'."""
    short, long = sorted((one, two), key=len)
    return long.startswith(short[: max(3, len(short) - 1)]) and len(long) - len(short) <= 3


def _distinct(terms: Iterable[str]) -> list[str]:
    """The first terms that do not repeat a word of one before."""
    kept: list[str] = []
    for term in terms:
        if not any(
            _akin(one, two) for other in kept for one in other.split() for two in term.split()
        ):
            kept.append(term)
        if len(kept) == _KEYWORDS:
            break
    return kept


def _carried(
    found: list[_Theme], identity: list[str], typical: list[str], known_members: pl.DataFrame
) -> list[str]:
    """Identities: that of the theme before with which a theme shares most, else a new one."""
    before: dict[str, set[str]] = {}
    for theme_id, statement_id in known_members.select("theme_id", "statement_id").iter_rows():
        before.setdefault(theme_id, set()).add(statement_id)
    of_statement: dict[str, list[str]] = {}
    for theme_id, members in before.items():
        for statement_id in members:
            of_statement.setdefault(statement_id, []).append(theme_id)
    held = {statement_id for members in before.values() for statement_id in members}
    claims = []
    for number, theme in enumerate(found):
        # New statements say nothing about whether an old theme goes on.
        mine = {identity[at] for at in theme.members} & held
        shared = Counter(old for statement in mine for old in of_statement[statement])
        for old, count in shared.items():
            overlap = count / len(mine | before[old])
            if overlap >= _CARRIED:
                claims.append((-overlap, old, number))
    given: dict[int, str] = {}
    taken: set[str] = set()
    for _, old, number in sorted(claims):
        if number not in given and old not in taken:
            given[number] = old
            taken.add(old)
    taken |= set(before)
    for number, theme in enumerate(found):
        if number not in given:
            grain = "fine" if theme.parent is not None else "broad"
            fresh = ids.digest("theme", grain, typical[number])
            while fresh in taken:
                fresh = ids.digest("theme", fresh)
            given[number] = fresh
            taken.add(fresh)
    return [given[number] for number in range(len(found))]
