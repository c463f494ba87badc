"""n-grams: what they learn, what they give, and that vocabulary and weights are all there is to store."""

from __future__ import annotations

import numpy as np
import pytest

from components.ngrams import Ngrams

_TEXTS = ["Wer leitet die Allianz?", "wer leitet das", "Öffnungszeiten der Allianz", "Oeffnungszeiten?"]


def test_each_kind_has_length_one() -> None:
    ngrams = Ngrams.fit(_TEXTS)
    letters = len(ngrams.vocabularies["letters"])
    row = ngrams.transform(["wer leitet die Allianz"]).toarray()[0]

    assert np.linalg.norm(row[:letters]) == pytest.approx(1.0, abs=1e-5)
    assert np.linalg.norm(row[letters:]) == pytest.approx(1.0, abs=1e-5)


def test_only_what_stands_in_two_texts_is_learned() -> None:
    words = Ngrams.fit(_TEXTS).vocabularies["words"]

    assert {"wer leitet", "alianz", "ofnungszeiten"} <= set(words)
    assert "das" not in words


def test_spellings_of_one_word_are_equal() -> None:
    rows = Ngrams.fit(_TEXTS).transform(["ÖFFNUNGSZEITEN", "oeffnungszeiten"]).toarray()

    assert rows[0].any()
    assert np.array_equal(rows[0], rows[1])


def test_misspelt_word_shares_letters() -> None:
    rows = Ngrams.fit(_TEXTS).transform(["Allianz", "Alianzz", "Wetter"]).toarray()

    assert rows[0] @ rows[1] > 0.5 > rows[0] @ rows[2]


def test_compound_shares_letters_with_its_parts() -> None:
    ngrams = Ngrams.fit([*_TEXTS, "Zeiten der Öffnung", "Öffnung, Zeiten", "Wetter in Wiesbaden", "Wetter"])
    letters = len(ngrams.vocabularies["letters"])
    compound, parts, other = ngrams.transform(["Öffnungszeiten", "Zeiten der Öffnung", "Wetter in Wiesbaden"]).toarray()[
        :, :letters
    ]

    assert compound @ parts > 0.4 > 0.1 > compound @ other


def test_stored_arrays_rebuild_the_same_ngrams() -> None:
    fitted = Ngrams.fit(_TEXTS)
    rebuilt = Ngrams.stored(fitted.arrays())

    assert rebuilt.vocabularies == fitted.vocabularies
    assert np.array_equal(rebuilt.transform(_TEXTS).toarray(), fitted.transform(_TEXTS).toarray())


def test_unknown_or_empty_text_is_a_row_of_zeros() -> None:
    rows = Ngrams.fit(_TEXTS).transform(["", "🙂", "1 7"])

    assert rows.shape[0] == 3
    assert rows.nnz == 0


def test_texts_with_nothing_in_common_give_no_ngrams() -> None:
    ngrams = Ngrams.fit(["q7", "x3"])

    assert ngrams.vocabularies == {"letters": [], "words": []}
    assert ngrams.transform(["q7", "x3"]).shape == (2, 0)


def test_weights_that_do_not_fit_the_vocabulary_are_refused() -> None:
    with pytest.raises(ValueError, match="idf"):
        Ngrams({"letters": ["ab", "bc"], "words": []}, {"letters": np.ones(3), "words": np.zeros(0)})
