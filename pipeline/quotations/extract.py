"""Extract: texts in, quotations out."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from functools import lru_cache
from itertools import accumulate, islice
from typing import Any, Final, Protocol

from onrecord.pipeline.languages.paragraphs import foreign, without
from onrecord.pipeline.machine.deadline import heed
from onrecord.pipeline.names.recognised import ORGANISATION, PERSON, find_mentions, surnames
from onrecord.pipeline.quotations.flags import (
    content,
    insertions,
    is_translated,
    is_written,
    told_to,
)
from onrecord.pipeline.quotations.linking.dialogue import dialogue
from onrecord.pipeline.quotations.linking.edges import edged
from onrecord.pipeline.quotations.linking.join import Draft, join
from onrecord.pipeline.quotations.linking.nested import nested
from onrecord.pipeline.quotations.linking.pieces import Piece, outermost
from onrecord.pipeline.quotations.linking.placed import placed
from onrecord.pipeline.quotations.linking.relayed import relayed
from onrecord.pipeline.quotations.linking.speech import is_reported
from onrecord.pipeline.quotations.linking.subjects import with_subjects
from onrecord.pipeline.quotations.other_languages import with_others
from onrecord.pipeline.quotations.persons.confidence import confidence, likelihood
from onrecord.pipeline.quotations.persons.coreference import Resolver
from onrecord.pipeline.quotations.persons.entities import Entity, gather
from onrecord.pipeline.quotations.persons.resolution import NO_MENTION, Resolution, candidates
from onrecord.pipeline.quotations.quotation import NamedMention, Quotation, Reading, nest
from onrecord.pipeline.quotations.said_on import said_on
from onrecord.pipeline.quotations.shouted import as_printed, readable
from onrecord.pipeline.quotations.stances.stance import stance
from onrecord.pipeline.quotations.tagging.spans import CONTENT, Span
from onrecord.pipeline.text.cues import cue_class
from onrecord.pipeline.text.layout import Layout
from onrecord.pipeline.text.marks import segments

Blocks = Sequence[Sequence[Any]]
_BATCH: Final = 64
_BESIDE: Final = 500
_SURE: Final = 0.6
# What is less likely than this is left out: it costs more in false quotations than it finds (polnear_dev).
FLOORS: Final = {"direct": 0.0, "mixed": 0.08, "indirect": 0.3}


class Tags(Protocol):
    """What marks content, cues and sources in texts: the tagger, or anything with its one method."""

    def tag(self, texts: Sequence[str]) -> list[list[Span]]:
        """Labelled spans of each text."""
        ...


def extract(
    texts: Sequence[str],
    *,
    published: Sequence[date | None] | None = None,
    blocks: Sequence[Blocks | None] | None = None,
    tagger: Tags | None = None,
) -> list[list[Quotation]]:
    """The quotations of each text, in order of their start.

    ``published`` dates resolve "on Thursday"; ``blocks`` ((start, end, kind, ...) each) tell what is title, body or
    neither, and only title, heading and body yield quotations. Without blocks the whole text is body, its first line a
    title where it reads as one. Never raises on any text; time is linear in its length.
    """
    return [r.quotations for r in read(texts, published=published, blocks=blocks, tagger=tagger)]


def read(
    texts: Sequence[str],
    *,
    published: Sequence[date | None] | None = None,
    blocks: Sequence[Blocks | None] | None = None,
    tagger: Tags | None = None,
) -> list[Reading]:
    """The quotations of each text and the names it holds; arguments as for `extract`."""
    others = [foreign(text) for text in texts]
    printed = [without(text, groups) for text, groups in zip(texts, others, strict=True)]
    english = readable(printed)
    tagged = (tagger or default_tagger()).tag(english)
    readings = [
        read_tagged(text, spans, published[i] if published else None, blocks[i] if blocks else None)
        for i, (text, spans) in enumerate(zip(english, tagged, strict=True))
    ]
    readings = list(map(as_printed, printed, english, readings))
    return [
        with_others(texts[i], reading, others[i], blocks[i] if blocks else None)
        if others[i]
        else reading
        for i, reading in enumerate(readings)
    ]


@lru_cache(maxsize=1)
def default_tagger() -> Tags:
    """The packaged tagger, loaded once a process."""
    from onrecord.pipeline.quotations.tagging.tagger import Tagger

    tagger: Tags = Tagger()
    return tagger


def read_tagged(
    text: str, spans: Sequence[Span], published: date | None = None, blocks: Blocks | None = None
) -> Reading:
    """One article whose spans are tagged already."""
    layout = _layout(text, blocks)
    entities, drafts = _drafts(layout, spans)
    found = _resolve(layout, entities, drafts)
    made = [
        (draft, _quotation(layout, draft, told, published))
        for draft, told in zip(drafts, found, strict=True)
        if _is_likely(draft)
    ]
    likely = [
        quotation
        for draft, quotation in made
        if is_reported(layout, draft, unsaid=quotation.stance == "unsaid")
    ]
    return Reading(nest(likely), _mentions(text, entities))


def _is_likely(draft: Draft) -> bool:
    return draft.origin == "nested" or likelihood(draft) >= FLOORS[type_of(draft)]


def resolved(text: str, spans: Sequence[Span]) -> list[tuple[Draft, Resolution]]:
    """An article's quotations before they are rows: what `training/quotations/calibrate.py` learns from."""
    layout = _layout(text, None)
    entities, drafts = _drafts(layout, spans)
    told = _resolve(layout, entities, drafts)
    return list(zip(drafts, told, strict=True))


def drafted(text: str, spans: Sequence[Span]) -> tuple[Layout, list[Entity], list[Draft], Resolver]:
    """An article before anybody is resolved, and who is in it to resolve by: for training alone."""
    layout = _layout(text, None)
    entities, drafts = _drafts(layout, spans)
    return layout, entities, drafts, _resolver(layout, entities, drafts)


def _resolver(layout: Layout, entities: Sequence[Entity], drafts: Sequence[Draft]) -> Resolver:
    """A resolver that knows which words stand in marks, and which are reported without."""
    pieces = sorted((piece.start, piece.end, piece.quoted) for d in drafts for piece in d.pieces)
    told = [(start, end) for start, end, quoted in pieces if not quoted]
    ends = list(accumulate((end for _, end in told), max))
    starts = [start for start, _ in told]
    marked = [
        (segment.start, segment.end)
        for segment in outermost(segments(layout.text))
        if (at := bisect_left(starts, segment.start + 1) - 1) >= 0 and segment.start < ends[at]
    ]
    quoted = sorted([(start, end) for start, end, quoted in pieces if quoted] + marked)
    return Resolver(layout, entities, quoted, told)


def _layout(text: str, blocks: Blocks | None) -> Layout:
    return Layout(text, [(b[0], b[1], b[2]) for b in blocks] if blocks is not None else None)


def _drafts(layout: Layout, spans: Sequence[Span]) -> tuple[list[Entity], list[Draft]]:
    named = find_mentions(layout)
    marked = segments(layout.text)
    names = [(name.start, name.end) for name in named]
    people = [(m.start, m.end) for m in named if m.chances and m.chances[0] > _SURE]
    drafts = join(layout, spans, marked, names, surnames(named), people)
    drafts = edged(layout, drafts, [span for span in spans if span.label != CONTENT])
    drafts = placed(layout, relayed(layout, drafts, marked, names), names)
    drafts = with_subjects(layout, drafts, names)
    drafts = dialogue(layout, drafts, people)
    drafts = sorted(drafts + nested(layout, drafts, marked), key=lambda d: (d.start, -d.end))
    return gather(named), drafts


def _resolve(
    layout: Layout, entities: Sequence[Entity], drafts: Sequence[Draft]
) -> list[Resolution]:
    """Who says each quotation, in order: what one says is in view for the next."""
    resolver = _resolver(layout, entities, drafts)
    made: list[Resolution] = []
    last = NO_MENTION
    for draft in drafts:
        heed()
        if draft.origin == "continued":
            found = last
        elif draft.source is not None:
            found = resolver.resolve(draft.source.start, draft.source.end)
        elif draft.origin == "none" and draft.pieces[0].quoted:
            found = resolver.in_view(draft.start)
        else:
            found = NO_MENTION
        if found is NO_MENTION:
            found = resolver.guessed(draft.start)
        if draft.origin != "nested":
            last = found
        made.append(found)
    return made


def extract_records(
    records: Iterable[Mapping[str, Any]], *, tagger: Tags | None = None
) -> Iterator[dict[str, Any]]:
    """The scorer's form: {"doc_id", "text"} in, {"doc_id", "quotes": [...]} out, streamed in batches, in order.

    A record without a text yields no quotes and an "error" that says why; the rest goes on.
    """
    stream = iter(records)
    while batch := list(islice(stream, _BATCH)):
        good = [record for record in batch if _fault(record) is None]
        readings = iter(read([record["text"] for record in good], tagger=tagger) if good else [])
        for record in batch:
            fault = _fault(record)
            doc_id = record.get("doc_id") if isinstance(record, Mapping) else None
            if fault is not None:
                yield {"doc_id": doc_id, "quotes": [], "error": fault}
            else:
                yield {"doc_id": doc_id, "quotes": as_quotes(next(readings).quotations)}


def as_quotes(quotations: Sequence[Quotation]) -> list[dict[str, Any]]:
    """Quotations in the scorer's form.

    What somebody quotes within verbatim words of his own is a part of those words: it stands under ``nested`` of its
    host. Reported speech inside reported speech is the article's own and stands in the list. So does what stands in
    marks within the words of another language.
    """
    made: list[dict[str, Any]] = []
    listed: list[dict[str, Any]] = []
    for quotation in quotations:
        quote = _as_quote(quotation)
        made.append(quote)
        host = quotation.nested_in if quotation.language is None else None
        if host is not None and quotation.type == "direct":
            made[host].setdefault("nested", []).append(quote)
        else:
            listed.append(quote)
    return listed


def _as_quote(quotation: Quotation) -> dict[str, Any]:
    return {
        "start": quotation.start,
        "end": quotation.end,
        "spans": [list(span) for span in quotation.spans],
        "type": quotation.type,
        "words": quotation.content,
        "speaker_text": quotation.mention,
        "speaker_canonical": quotation.name,
        "speaker_kind": quotation.speaker_kind,
        "unresolved": quotation.unresolved,
        "cue_text": quotation.cue,
        "stance": quotation.stance,
        "via": quotation.via,
        "candidates": [{"name": name, "share": share} for name, share in quotation.candidates],
        "confidence": quotation.confidence,
    }


def _fault(record: Any) -> str | None:
    if not isinstance(record, Mapping):
        return "not a record: each line must be a JSON object with a text"
    text = record.get("text")
    if not isinstance(text, str):
        return "no text: the record must hold a string under 'text'"
    return None


def _quotation(
    layout: Layout, draft: Draft, found: Resolution, published: date | None
) -> Quotation:
    heed()
    text, cue, source = layout.text, draft.cue, draft.source
    spans = tuple((piece.start, piece.end) for piece in draft.pieces)
    taken_out = tuple(insertions(text, spans))
    around = _around(layout, draft)
    cue_words = text[cue.start : cue.end] if cue else None
    spoken = cue_class(cue_words)
    limit = next((p.start for p in draft.pieces if cue and p.start >= cue.end), len(text))
    told = stance(layout, draft)
    sure = confidence(draft, found)
    return Quotation(
        start=draft.start,
        end=draft.end,
        text=text[draft.start : draft.end],
        spans=spans,
        content=content(text, spans, taken_out),
        insertions=taken_out,
        type=type_of(draft),
        cue=cue_words,
        cue_start=cue.start if cue else None,
        cue_end=cue.end if cue else None,
        cue_class=spoken,
        mention=text[source.start : source.end] if source else None,
        mention_start=source.start if source else None,
        mention_end=source.end if source else None,
        name=found.name,
        speaker_kind=found.kind,
        unresolved=found.unresolved,
        confidence=sure,
        in_headline=layout.paragraphs[layout.paragraph_at(draft.start)].kind == "title",
        translated=is_translated(around),
        written=spoken == "written" or is_written(around),
        nested_in=None,
        told=told_to(text, (cue.start, cue.end), limit) if cue else None,
        said_on=said_on(around, published),
        stance=told.kind,
        stance_start=told.start,
        stance_end=told.end,
        via=text[slice(*draft.via)] if draft.via else None,
        candidates=candidates(found, sure),
    )


def type_of(draft: Draft) -> str:
    """How the words stand: ``direct`` wholly in marks, ``mixed`` partly, ``indirect`` in none."""
    if all(piece.quoted for piece in draft.pieces):
        return "direct"
    return "mixed" if any(piece.marked for piece in draft.pieces) else "indirect"


def _around(layout: Layout, draft: Draft) -> str:
    """The words of the reporting sentence, the reported ones left out; at most 300 characters each side of a piece."""
    at = draft.cue.start if draft.cue else draft.start
    start, end = layout.sentence_at(at)
    start, end = max(min(start, draft.start), at - _BESIDE), min(max(end, at), at + _BESIDE)
    parts, reached = [], start
    for piece in draft.pieces[bisect_left(draft.pieces, start, key=_piece_end) :]:
        if piece.start >= end:
            break
        parts.append(layout.text[reached : max(reached, piece.start)])
        reached = max(reached, piece.end)
    parts.append(layout.text[reached : max(end, reached)])
    return " \u2026 ".join(part[-300:] if i == 0 else part[:300] for i, part in enumerate(parts))


def _piece_end(piece: Piece) -> int:
    return piece.end


def _mentions(text: str, entities: Sequence[Entity]) -> list[NamedMention]:
    return sorted(
        NamedMention(m.start, m.end, text[m.start : m.end], entity.name, entity.kind, m.descriptor)
        for entity in entities
        if entity.kind in (PERSON, ORGANISATION) and entity.sure
        for m in entity.mentions
    )
