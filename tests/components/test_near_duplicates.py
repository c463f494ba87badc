"""Pairs of nearly the same texts: all of them, as by comparing each text with each other one."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.feature_extraction.text import TfidfVectorizer

from components.augmentation import with_typos
from components.near_duplicates import near_pairs

from .conftest import Examples


@pytest.mark.parametrize("near", [0.5, 0.75, 0.9, 1.0])
def test_pairs_are_those_of_comparing_each_with_each(examples: Examples, near: float) -> None:
    texts = [*examples.texts, *(with_typos(text, seed) for seed in range(6) for text in examples.texts), "🙂", "Moin"]
    letters = TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 4), sublinear_tf=True)
    vectors = letters.fit_transform(texts)
    cosines = np.triu((vectors @ vectors.T).toarray(), k=1)

    left, right, found = near_pairs(texts, near - 1e-4)

    expected = [(int(one), int(other)) for one, other in np.argwhere(cosines >= near - 1e-4)]
    assert len(expected) > 10
    assert sorted(zip(left.tolist(), right.tolist())) == expected
    assert found == pytest.approx(cosines[left, right], abs=1e-5)


@pytest.mark.parametrize("texts", [[], ["Wer leitet die Allianz?"], ["Wer leitet die Allianz?", "Guten Tag"]])
def test_few_texts_have_no_pairs(texts: list[str]) -> None:
    assert [part.tolist() for part in near_pairs(texts, 0.9)] == [[], [], []]
