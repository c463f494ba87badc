"""What the kernel machine makes of vectors and n-grams that say different things."""

from __future__ import annotations

import numpy as np
import pytest
import scipy.sparse as sparse

from components.kernel import fit_kernel, kernel_scores

#: Two texts of each of two intents: alike in meaning within the intent, each with an n-gram of its intent.
_VECTORS = np.array([[1.0, 0.0], [0.8, 0.6], [-1.0, 0.0], [-0.8, 0.6]], dtype=np.float32)
_NGRAMS = sparse.csr_matrix(np.array([[1, 0], [1, 0], [0, 1], [0, 1]], dtype=np.float32))
_INTENTS = np.array([0, 0, 1, 1])
_BETWEEN = np.array([[0.0, 1.0]], dtype=np.float32)
_NOTHING = sparse.csr_matrix((1, 2), dtype=np.float32)


def _scores(vectors: np.ndarray, ngrams: sparse.csr_matrix, ngram_weight: float) -> np.ndarray:
    return kernel_scores(vectors, ngrams, _VECTORS, *fit_kernel(_VECTORS, _NGRAMS, ngram_weight, _INTENTS, 2))


def test_known_texts_get_about_one_for_their_intent_and_minus_one_for_the_other() -> None:
    scores = _scores(_VECTORS, _NGRAMS, 0.5)

    assert scores[np.arange(4), _INTENTS] == pytest.approx(1.0, abs=0.15)
    assert scores[np.arange(4), 1 - _INTENTS] == pytest.approx(-1.0, abs=0.15)


def test_ngrams_decide_where_the_meaning_says_nothing() -> None:
    written = sparse.csr_matrix(np.array([[0, 1]], dtype=np.float32))

    assert np.ptp(_scores(_BETWEEN, _NOTHING, 0.5)) == pytest.approx(0.0, abs=1e-5)
    assert _scores(_BETWEEN, written, 0.5)[0].argmax() == 1


def test_ngrams_without_weight_change_nothing() -> None:
    assert _scores(_BETWEEN, _NGRAMS[3], 0.0) == pytest.approx(_scores(_BETWEEN, _NOTHING, 0.0))


def test_ngrams_of_many_texts_are_compared_as_those_of_few() -> None:
    times = 300  # more than one block
    vectors, ngrams = np.tile(_VECTORS, (times, 1)), sparse.vstack([_NGRAMS] * times, format="csr")
    weights = fit_kernel(vectors, ngrams, 0.5, np.tile(_INTENTS, times), 2)

    scores = kernel_scores(_VECTORS, _NGRAMS, vectors, *weights)

    assert scores.argmax(axis=1).tolist() == _INTENTS.tolist()
    assert scores[:, 0] == pytest.approx(-scores[:, 1], abs=0.01)
