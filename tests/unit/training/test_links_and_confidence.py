"""The two small fits behind the joiner: same data and seed, same coefficients, and they learn what they are for."""

import random
from typing import Any

from onrecord.pipeline.quotations.linking.links import choose
from training.quotations.calibrate import chance, fit, head, reliability
from training.quotations.fit_links import accuracy, choices, gold_spans, scene_of
from training.quotations.fit_links import fit as fit_links

NAMES = ("Eva Holm", "Lars Berg", "Omar Reyes", "Greta Vogel", "Jonas Eide", "Astrid Moen")


def record() -> dict[str, Any]:
    """An invented article: six quotations with their cues and sources, before and after the words."""
    text, quotes = "", []
    for number, name in enumerate(NAMES):
        words, cue = f"“The quay number {number} stays closed until spring,”", "said"
        start = len(text)
        if number % 2:
            text += f"{words} {name} {cue}. "
            places = (start, start + len(words) + 1, start + len(words) + len(name) + 2)
        else:
            text += f"{name} {cue} {words}. "
            places = (start + len(name) + len(cue) + 2, start, start + len(name) + 1)
        at, speaker, verb = places
        quotes.append(
            {
                "spans": [[at, at + len(words)]],
                "type": "direct",
                "cue_start": verb,
                "cue_end": verb + len(cue),
                "cue_text": cue,
                "speaker_start": speaker,
                "speaker_end": speaker + len(name),
                "speaker_text": name,
            }
        )
    return {"text": text, "quotes": quotes}


def test_links_are_learnt_and_reproducible() -> None:
    made = list(choices(record(), 0.0, random.Random(1)))
    sources = [choice for name, choice in made if name == "source"]
    assert len(sources) == len(NAMES)
    first, second = (fit_links(sources, 40, 7) for _ in range(2))
    assert first == second
    assert accuracy(sources, first) == 1.0
    options, right = sources[0]
    assert choose(options, first)[0] == options[right][0]


def test_gold_spans_stand_in_for_tags() -> None:
    article = record()
    scene = scene_of(article, gold_spans(article))
    assert len(scene.pieces) == len(scene.cues) == len(scene.sources) == len(NAMES)
    assert all(piece.quoted for piece in scene.pieces)


def test_confidence_learns_what_is_right_and_is_reproducible() -> None:
    rng = random.Random(3)
    rows = []
    for _ in range(400):
        link = rng.random()
        rows.append(({"bias": 1.0, "link": 4 * link - 2}, rng.random() < link))
    weights = fit(rows)
    assert weights == fit(rows)
    chances = [chance(row, weights) for row, _ in rows]
    assert (
        chance({"bias": 1.0, "link": 2.0}, weights)
        > 0.75
        > chance({"bias": 1.0, "link": 0.0}, weights)
    )
    table = reliability(chances, [right for _, right in rows])
    error = float(table.split("calibration error ")[1].split(",")[0])
    assert error < 0.1


def test_heads_of_mentions() -> None:
    assert head("Eva Holm, the mayor of Lund") == "holm"
    assert head("the mayor of Lund") == "mayor"
    assert head("he") == "he"
    assert head(None) == ""
