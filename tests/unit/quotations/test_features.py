"""Words, their pieces and their features."""

import time
from random import Random

import numpy as np
import pytest

from onrecord.pipeline.text.lexicon import NOUN, STANCE, VERB, cue_class, reports_speech
from onrecord.pipeline.text.token_features import (
    FEATURES,
    SIZES,
    TOKEN,
    WordPieces,
    words,
)
from onrecord.pipeline.text.wordpieces import read_vectors, word_vectors


@pytest.fixture(scope="module")
def pieces() -> WordPieces:
    return WordPieces(read_vectors()[0])


def forms(text: str) -> list[str]:
    return [text[slice(*m.span())] for m in TOKEN.finditer(text)]


def test_words_keep_what_belongs_together() -> None:
    assert forms("The U.S. didn't pay 1,200.50 -- so Ama’s aide said...") == [
        *(
            "The",
            "U.S.",
            "didn't",
            "pay",
            "1,200.50",
            "--",
            "so",
            "Ama",
            "’s",
            "aide",
            "said",
            "...",
        ),
    ]


def test_paragraph_breaks_and_tags_are_one_word_each() -> None:
    assert forms('One \n \n<tweet id="3">Two') == ["One", "\n \n", '<tweet id="3">', "Two"]


def test_pieces_agree_with_the_models_own_tokenizer(pieces: WordPieces) -> None:
    from tokenizers import Tokenizer

    from onrecord.pipeline.text.wordpieces import model_folder

    theirs = Tokenizer.from_file(str(model_folder() / "tokenizer.json"))
    theirs.no_padding()
    for word in ("Unfathomably", "café", "Zelenskyy", "U.S.", "didn't", "1,200", "straße"):
        expected = theirs.encode(word, add_special_tokens=False).ids
        assert list(pieces.of(word)) == expected, word


def test_the_style_of_marks_changes_nothing_the_net_sees(pieces: WordPieces) -> None:
    plain = words('"We will rebuild the bridge," Mayor Ibe said. "Soon."', pieces)
    for opening, closing in ("“”", "«»", "‘’", "„“", "””"):
        text = (
            f"{opening}We will rebuild the bridge,{closing} Mayor Ibe said. {opening}Soon.{closing}"
        )
        other = words(text, pieces)
        assert (other.pieces == plain.pieces).all()
        assert (other.features == plain.features).all()


def test_features_stay_inside_their_tables(pieces: WordPieces) -> None:
    text = "HEAD\n\n“A ‘b c’ d” e” “f\n\n1. <b> said: “G\n" * 3
    seen = words(text, pieces)
    assert seen.features.shape == (len(seen.starts), len(FEATURES))
    assert (seen.features >= 0).all() and (seen.features < np.array(SIZES)).all()


def test_word_vectors_are_means_of_piece_rows() -> None:
    vocabulary, table = read_vectors()
    seen = words("Zelenskyy said", WordPieces(vocabulary))
    rows = word_vectors(table, seen)
    assert np.allclose(rows[0], table[seen.pieces[:-1]].mean(0), atol=1e-6)
    assert np.allclose(rows[1], table[vocabulary["said"]])


@pytest.mark.parametrize("unit", ["a", "a.", "“", " ", "\n", "a'", "1,", "A.", "<a", " \n"])
def test_time_is_linear_on_adversarial_text(unit: str, pieces: WordPieces) -> None:
    began = time.process_time()
    words(unit * (200_000 // len(unit)) + "z", pieces)
    assert time.process_time() - began < 8


def test_cue_classes() -> None:
    assert [cue_class(w) for w in ("said", "denies", "quipped", "arguing")] == [VERB] * 4
    assert cue_class("statement") == NOUN
    assert cue_class("believed") == STANCE
    assert cue_class("table") == 0


@pytest.mark.parametrize(
    ("cue", "expected"),
    [("said", True), (":", True), ("According to", True), ("believes", False), ("hopes to", False)],
)
def test_which_cues_report_speech(cue: str, expected: bool) -> None:
    assert reports_speech(cue) is expected


def test_a_words_vector_is_the_mean_of_its_pieces_to_the_last_digit(pieces: WordPieces) -> None:
    _, table = read_vectors()
    chance = Random(3)
    letters = ["".join(chance.choices("abcdeqxz", k=chance.randint(1, 59))) for _ in range(300)]
    seen = words("The mayor. " + " ".join(letters), pieces)
    counts = np.diff(np.append(seen.firsts, len(seen.pieces)))
    assert {1, 2, 8, 9} < set(counts.tolist())
    wanted = np.add.reduceat(table[seen.pieces], seen.firsts) / counts[:, None].astype(np.float32)
    assert np.array_equal(word_vectors(table, seen), wanted)
    nothing = words("", pieces)
    assert word_vectors(table, nothing).shape == (0, table.shape[1])
