"""Join: pieces, cues and sources made into quotations of one speaker each."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from typing import Final

from onrecord.pipeline.machine.deadline import heed
from onrecord.pipeline.quotations.linking.attribution import (
    Extent,
    beside,
    by_place,
    called,
    clause_after,
    clause_before,
    hard_before,
    whole,
)
from onrecord.pipeline.quotations.linking.links import (
    NONE,
    Scene,
    choose,
    cue_options,
    cue_text,
    load_weights,
    source_options,
)
from onrecord.pipeline.quotations.linking.pieces import Piece, heads, is_what, outermost, pieces
from onrecord.pipeline.quotations.linking.terms import is_term
from onrecord.pipeline.quotations.tagging.spans import CONTENT, CUE, SOURCE, Span
from onrecord.pipeline.text.capitalised import name_of
from onrecord.pipeline.text.cues import cue_class
from onrecord.pipeline.text.layout import READABLE, Layout
from onrecord.pipeline.text.marks import Segment

_WORD: Final = re.compile(r"\w+")
_SPEECH_END: Final = re.compile(r"[.,!?\u2026\u2014-][\"\u201d\u2019'\u00bb]*$")
_PLACED: Final = 0.9
_CLAUSED: Final = 0.7
_NAMES: Final = 6
_TOLD: Final = frozenset({"spoken", "written"})
_COMMA_CLOSED: Final = re.compile(r",[\"\u201d\u2019'\u00bb]{1,2}$")
_GAP_MARK: Final = re.compile(r"[.;:!?\n\"\u201c]")
_MARKED: Final = re.compile(r"[\"\u201c][^\"\u201c\u201d\n]{1,2000}[\"\u201d]")
_ANOTHER_CLAUSE: Final = re.compile(
    r"\W{0,3}(?:after|when|while|because|before|since|though|although)\b"
)
_AGAIN: Final = re.compile(r",\s*[\"\u201c\u2018']*$")
_TOOK_JOB: Final = re.compile(
    r"[,!?][\"\u201d\u2019\u00bb] (?P<job>(?:the|an?|his|her|their) (?:[a-z-]+ ?){0,4})$"
)
_WITH_JOB: Final = re.compile(rf"\s{name_of(1, 4)}, [^,.;:!?\n]{{2,70}}, ")
_GAP: Final = 90
_CRUMB_WORDS: Final = 2
_GAP_WORDS: Final = 7
_CLAUSE_END: Final = re.compile(r"[.!?;:\n\u201d\"]")


@dataclass(frozen=True)
class Draft:
    """A quotation before its speaker is known by name: its pieces, its cue and the mention beside them.

    ``link`` is the probability of the choices that joined them, ``origin`` says how the speaker was found: ``linked``
    by a cue, ``continued`` from the quotation before it, or ``none``. ``via`` is what quotes the speaker where
    it is not the article, ``corrected`` what a correction says it stood in.
    """

    pieces: tuple[Piece, ...]
    cue: Span | None
    source: Span | None
    link: float
    origin: str
    via: tuple[int, int] | None = None
    corrected: tuple[int, int] | None = None

    @property
    def start(self) -> int:
        """First character of the first piece."""
        return self.pieces[0].start

    @property
    def end(self) -> int:
        """One past the last character of the last piece."""
        return self.pieces[-1].end


def join(
    layout: Layout,
    spans: Sequence[Span],
    segments: Sequence[Segment],
    names: Sequence[tuple[int, int]] = (),
    surnames: Collection[str] = (),
    people: Sequence[tuple[int, int]] = (),
) -> list[Draft]:
    """The quotations of an article, in order, from the tagger's spans, the quoted segments and where names stand.

    ``surnames`` as for `pieces`; ``people`` are where the names of people stand.
    """
    scene = _scene(layout, spans, segments, names, surnames)
    linked = [_link(scene, index, names, people) for index in range(len(scene.pieces))]
    drafts = _continue(layout, _merge(layout, linked), outermost(segments))
    return [draft for draft in drafts if _is_speech(layout, draft)]


def _scene(
    layout: Layout,
    spans: Sequence[Span],
    segments: Sequence[Segment],
    names: Sequence[tuple[int, int]],
    surnames: Collection[str],
) -> Scene:
    """Spans and segments of readable blocks only; text between is as though it were not there."""
    if not layout.paragraphs:
        return Scene(layout, [], [], [])

    def readable(position: int) -> bool:
        return layout.paragraphs[layout.paragraph_at(position)].kind in READABLE

    kept = sorted({span for span in spans if readable(span.start)})
    kept = _given_back(layout.text, kept)
    contents = [span for span in kept if span.label == CONTENT]
    return Scene(
        layout,
        pieces(layout, contents, [s for s in segments if readable(s.start)], surnames),
        [span for span in kept if span.label == CUE and not _names(layout.text, span, segments)],
        whole(layout, [span for span in kept if span.label == SOURCE], names),
    )


def _given_back(text: str, spans: Sequence[Span]) -> list[Span]:
    """The spans; what a tag of quoted words took of the job before a name is the source's: “…,” the shop "steward"."""
    sources = {span.start: span for span in spans if span.label == SOURCE}
    made, longer = [], {}
    for span in spans:
        tail = _TOOK_JOB.search(text, max(span.start, span.end - _GAP), span.end)
        source = sources.get(span.end + 1) if span.label == CONTENT and tail is not None else None
        if tail is not None and source is not None and text[span.end] in " -":
            longer[source] = source._replace(start=tail.start("job"))
            span = span._replace(end=tail.start("job") - 1)
        made.append(span)
    return sorted(longer.get(span, span) for span in made)


def _names(text: str, cue: Span, segments: Sequence[Segment]) -> bool:
    """Whether a cue only tells the name of something: known as "our little gift"."""
    near = bisect_left(segments, cue.end, key=_start)
    return (
        near < len(segments)
        and segments[near].start - cue.end <= _NAMES
        and is_term(text, segments[near].start, segments[near].end)
    )


def _start(segment: Segment) -> int:
    return segment.start


def _link(scene: Scene, index: int, names: Sequence[Extent], people: Sequence[Extent]) -> Draft:
    """One piece with the cue and the source that layout tells or the model prefers."""
    heed()
    weights = load_weights()
    piece = scene.pieces[index]
    placed = by_place(scene.layout, piece) if piece.marked else None
    if placed is not None:
        sure = piece._replace(score=max(piece.score, _PLACED))
        return Draft((sure,), placed[0], placed[1], _PLACED, "linked")
    handed = called(scene.layout, piece) if piece.marked else None
    if handed is not None:
        return Draft((handed[0],), handed[1], handed[2], _CLAUSED, "linked")
    options = cue_options(scene, index)
    ahead = _goes_on_to(scene, index) if piece.quoted else None
    if ahead is None and piece.quoted:
        ahead = _goes_on_from(scene, index)
    if ahead is not None:
        options = [option for option in options if option[0] == ahead] or options
    at, chance, _ = choose(options, weights["cue"])
    if at == NONE:
        clause = clause_after(scene.layout, piece, names) if piece.quoted else None
        if clause is not None:
            return Draft((piece,), clause[0], clause[1], _CLAUSED, "linked")
        return Draft((piece,), None, None, chance, "none")
    if piece.quoted and scene.layout.sentence_breaks(piece.end, scene.cues[at].start):
        # What reports another sentence gives way to what stands hard behind the words.
        clause = clause_after(scene.layout, piece, names)
        if clause is not None:
            return Draft((piece,), clause[0], clause[1], _CLAUSED, "linked")
    if piece.quoted and scene.cues[at].end <= piece.start:
        clause = clause_after(scene.layout, piece, names)
        apart = _is_comma_closed(scene, piece) and scene.layout.sentence_breaks(
            scene.cues[at].end, piece.start
        )
        if clause is not None and (apart or _is_told(scene, clause[0])):
            return Draft((piece,), clause[0], clause[1], _CLAUSED, "linked")
    if piece.marked and cue_text(scene, scene.cues[at]).startswith("according"):
        nearer_said = _said_within(scene, piece, names, people)
        if nearer_said is not None:
            return nearer_said
        if piece.quoted and scene.layout.sentence_breaks(scene.cues[at].end, piece.start):
            # It goes on with what was quoted before.
            return Draft((piece,), None, None, chance, "none")
    source_at, source_chance, _ = choose(source_options(scene, at, index), weights["source"])
    source = scene.sources[source_at] if source_at != NONE else None
    nearer = hard_before(scene.layout, scene.cues[at], people)
    if nearer is not None and (source is None or source.end < nearer.start):
        source = nearer
    if source is None:
        source = beside(scene.layout, scene.cues[at], names)
    return Draft((piece,), scene.cues[at], source, chance * source_chance, "linked")


def _goes_on_to(scene: Scene, index: int) -> int | None:
    """The cue that words which close on a comma go on to in their sentence, past nothing but its speaker."""
    piece = scene.pieces[index]
    if not _is_comma_closed(scene, piece):
        return None
    at = bisect_left(scene.cue_starts, piece.end)
    if at == len(scene.cues) or scene.cues[at].start - piece.end > _GAP:
        return None
    if not _is_told(scene, scene.cues[at]):
        return None
    gap = scene.layout.text[piece.end : scene.cues[at].start]
    following = bisect_left(scene.piece_starts, piece.end)
    apart = following < len(scene.pieces) and scene.pieces[following].start < scene.cues[at].start
    broken = (
        _GAP_MARK.search(gap) is not None
        or _ANOTHER_CLAUSE.match(gap) is not None
        or (len(_WORD.findall(gap)) > _GAP_WORDS and _WITH_JOB.fullmatch(gap) is None)
    )
    return None if apart or broken else at


def _said_within(
    scene: Scene, piece: Piece, names: Sequence[Extent], people: Sequence[Extent]
) -> Draft | None:
    """Quoted words that somebody says within what a report tells: "...," Holm said in May, according to the file."""
    if not piece.quoted:
        said = clause_before(scene.layout, piece, people)
        if said is not None and _is_told(scene, said[0]):
            return Draft((piece,), said[0], said[1], _CLAUSED, "linked")
    marked = _MARKED.search(scene.layout.text, piece.start, piece.end + 1)
    if marked is None:
        return None
    opens = marked.start() <= piece.start + 1
    end = min(marked.end(), piece.end + 1) if opens else piece.end
    inner = piece._replace(start=marked.start(), end=end, quoted=opens)
    clause = clause_before(scene.layout, inner, people)
    if clause is None and opens:
        clause = clause_after(scene.layout, inner, names)
    if clause is None or not _is_told(scene, clause[0]):
        return None
    return Draft((inner,), clause[0], clause[1], _CLAUSED, "linked")


def _goes_on_from(scene: Scene, index: int) -> int | None:
    """The cue between two quoted pieces of one sentence: "...," Holm said on Friday, "..."."""
    piece, before = scene.pieces[index], scene.pieces[index - 1] if index else None
    if before is None or not before.quoted or not _is_comma_closed(scene, before):
        return None
    gap = scene.layout.text[before.end : piece.start]
    if len(gap) > _GAP or _GAP_MARK.search(gap.rstrip('"\u201c')) or _AGAIN.search(gap) is None:
        return None
    between = range(
        bisect_left(scene.cue_starts, before.end), bisect_left(scene.cue_starts, piece.start)
    )
    told = [at for at in between if _is_told(scene, scene.cues[at])]
    return told[0] if len(between) == len(told) == 1 else None


def _is_comma_closed(scene: Scene, piece: Piece) -> bool:
    return _COMMA_CLOSED.search(scene.layout.text, piece.end - 3, piece.end) is not None


def _is_told(scene: Scene, cue: Span) -> bool:
    return cue_class(cue_text(scene, cue)) in _TOLD


def _merge(layout: Layout, drafts: list[Draft]) -> list[Draft]:
    """Pieces that one cue reports are one quotation; what a tag broke in the middle of a clause is one piece."""
    made: list[list[Draft]] = []
    for draft in drafts:
        last = made[-1] if made else None
        if last is not None and last[0].cue is not None and draft.cue == last[0].cue:
            last.append(draft)
        else:
            made.append([draft])
    return [_one(layout, group) for group in made]


def _one(layout: Layout, group: list[Draft]) -> Draft:
    """Drafts of one cue as one, knit where only a few words of the same clause lie between two pieces."""
    if len(group) == 1:
        return group[0]
    group = _without_crumbs(layout, group)
    pieces = [group[0].pieces[0]]
    source = next((draft.source for draft in group if draft.source is not None), None)
    for draft in group[1:]:
        before, after = pieces[-1], draft.pieces[0]
        if _is_cut(layout, before, after, (draft.cue, draft.source, source)):
            marked = before.marked or after.marked
            score = max(before.score, after.score)
            pieces[-1] = Piece(before.start, after.end, False, marked, score)
        else:
            pieces.append(after)
    return replace(group[0], pieces=tuple(pieces), source=source, link=min(d.link for d in group))


def _without_crumbs(layout: Layout, group: list[Draft]) -> list[Draft]:
    """Drafts of one cue but for a stray, doubtful word or two outside the marks where it reports quoted words."""
    if not any(draft.pieces[0].quoted for draft in group):
        return group
    return [
        draft
        for draft in group
        if draft.pieces[0].marked or layout.words_between(draft.start, draft.end) > _CRUMB_WORDS
    ]


def _is_cut(layout: Layout, before: Piece, after: Piece, apart: tuple[Span | None, ...]) -> bool:
    """Whether two pieces are one clause that a tag broke: few words between, no cue, no source, no end of a clause."""
    gap = layout.text[before.end : min(after.start, before.end + _GAP)]
    crossed = any(s is not None and before.end <= s.start < after.start for s in apart)
    if crossed or (before.quoted and after.quoted) or after.start - before.end > _GAP:
        return False
    return len(_WORD.findall(gap)) <= _GAP_WORDS and not _CLAUSE_END.search(gap)


def _continue(layout: Layout, drafts: list[Draft], outer: Sequence[Segment]) -> list[Draft]:
    """Give quoted pieces without a cue to the quotation that they go on with."""
    unclosed = {segment.start for segment in outer if not segment.closed}
    made: list[tuple[Draft, list[Piece]]] = []
    for draft in drafts:
        if made and draft.cue is not None and _runs_on_into(layout, made[-1], draft, unclosed):
            before = made.pop()[1]
            made.append((draft, before + list(draft.pieces)))
            continue
        if not made or draft.cue is not None or not draft.pieces[0].marked:
            made.append((draft, list(draft.pieces)))
            continue
        last, before = made[-1]
        both_quoted = before[-1].quoted and draft.pieces[0].quoted
        step = layout.lines_between(before[-1].end - 1, draft.start)
        goes_on = step == 0 or _opens_paragraph(layout, draft.start)
        if (step <= 1 and before[-1].start in unclosed and goes_on) or (step == 0 and both_quoted):
            before += draft.pieces
        elif step <= 1 and both_quoted:
            link = draft.link * last.link
            made.append(
                (
                    replace(draft, source=last.source, link=link, origin="continued"),
                    list(draft.pieces),
                )
            )
        else:
            made.append((draft, list(draft.pieces)))
    return [replace(draft, pieces=tuple(found)) for draft, found in made]


def _runs_on_into(
    layout: Layout, last: tuple[Draft, list[Piece]], draft: Draft, unclosed: set[int]
) -> bool:
    """Whether a quoted paragraph, left open and reported by nothing, goes on in a draft that says who speaks."""
    before, after = last[1][-1], draft.pieces[0]
    return (
        last[0].cue is None
        and before.start in unclosed
        and after.quoted
        and layout.lines_between(before.end - 1, after.start) == 1
        and _opens_paragraph(layout, after.start)
    )


def _opens_paragraph(layout: Layout, start: int) -> bool:
    """Whether nothing but a mark stands before a place in its paragraph: a quotation that goes on opens with it."""
    paragraph = layout.paragraphs[layout.paragraph_at(start)]
    return _WORD.search(layout.text, paragraph.start, start) is None


def _is_speech(layout: Layout, draft: Draft) -> bool:
    """Whether a draft is worth keeping: reported by something, or quoted at length."""
    if draft.cue is not None or draft.origin == "continued":
        return True
    piece = draft.pieces[0]
    if not piece.marked:
        return False
    if heads(layout, piece.start, piece.end) or is_what(layout.text, piece.end):
        return True
    inner = layout.text[piece.start : piece.end]
    return len(_WORD.findall(inner[:120])) >= 4 and _SPEECH_END.search(inner) is not None
