"""Sentence vectors: unit length, near in meaning across languages, independent of order and company."""

from __future__ import annotations

import numpy as np
import pytest

from components.encoder import DIMENSIONS, encode


def test_vectors_are_of_length_one() -> None:
    vectors = encode(["Wer leitet die Allianz?", "", "🙂", "a" * 3000])

    assert vectors.shape == (4, DIMENSIONS)
    assert vectors.dtype == np.float32
    assert np.linalg.norm(vectors, axis=1) == pytest.approx(np.ones(4), abs=1e-3)


def test_no_texts_give_no_vectors() -> None:
    assert encode([]).shape == (0, DIMENSIONS)


def test_each_text_keeps_its_place_over_several_batches() -> None:
    texts = [f"{'sehr ' * (number % 7)}gute Frage Nummer {number}" for number in range(150)]
    together = encode(texts)

    for index in (0, 6, 75, 149):
        assert together[index] == pytest.approx(encode([texts[index]])[0], abs=1e-4)


@pytest.mark.parametrize("other", ["Wer hat die Leitung der Allianz?", "Who leads the alliance?", "Qui dirige l'alliance ?"])
def test_same_meaning_is_nearer_than_another(other: str) -> None:
    question, same, different = encode(["Wer leitet die Allianz?", other, "Wie wird das Wetter?"])

    assert question @ same > question @ different + 0.2


def test_vector_that_was_changed_by_its_user_is_whole_again_when_asked_for_again() -> None:
    first = encode(["Wer leitet die Allianz?"])
    before = first.copy()
    first[:] = 0.0

    assert np.array_equal(encode(["Wer leitet die Allianz?"]), before)
