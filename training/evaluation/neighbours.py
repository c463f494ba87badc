"""The training examples that mean nearly the same as a text."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from zipfile import BadZipFile

import numpy as np
from tqdm import tqdm

from components.encoder import DIMENSIONS, encode
from training.corpus.examples import Example
from training.processes import ROOT

#: Vectors of all examples, which take a millisecond each to make.
CACHE = ROOT / "var" / "vectors.npz"
_BATCH = 1024


@dataclass(frozen=True)
class Neighbour:
    """A training example, where it stands, and the cosine of its sentence vector and the text's."""

    text: str
    intent: str
    place: str
    cosine: float


def nearest(text: str, examples: Sequence[Example], count: int = 8, cache: Path = CACHE) -> list[Neighbour]:
    """The `count` of `examples` that are nearest to `text`, nearest first, the same words once.

    Vectors without the mean of all examples, as the classifier sees them: raw ones all point the same way.
    """
    vectors = _vectors([example.text for example in examples], cache)
    mean = vectors.mean(axis=0)
    [asked] = _unit(encode([text]) - mean)
    cosines = _unit(vectors - mean) @ asked
    found: dict[str, Neighbour] = {}
    for index in np.argsort(-cosines, kind="stable"):
        example = examples[index]
        found.setdefault(
            example.text.casefold(), Neighbour(example.text, example.intent, example.place, round(float(cosines[index]), 4))
        )
        if len(found) == count:
            break
    return list(found.values())


def _vectors(texts: Sequence[str], cache: Path) -> np.ndarray:
    """Shape (texts, DIMENSIONS); those that `cache` does not hold are made and added, those of other texts dropped."""
    keys = np.array([hashlib.sha256(text.encode()).hexdigest()[:32] for text in texts])
    known = _read(cache)
    new = [place for place, key in enumerate(keys) if key not in known]
    for start in tqdm(range(0, len(new), _BATCH), desc="sentence vectors", unit=f"{_BATCH} examples", disable=not new):
        batch = new[start : start + _BATCH]
        known.update(zip(keys[batch], encode([texts[place] for place in batch]).astype(np.float16)))
    vectors = np.stack([known[key] for key in keys]).astype(np.float32)
    if new:
        with suppress(OSError):  # a full disk costs the time again
            _write(cache, keys, vectors)
    return vectors


def _read(cache: Path) -> dict[str, np.ndarray]:
    """Nothing where there is none, or one that is damaged."""
    try:
        with cache.open("rb") as file, np.load(file, allow_pickle=False) as stored:
            vectors = stored["vectors"]
            return dict(zip(stored["keys"].tolist(), vectors)) if vectors.shape[1:] == (DIMENSIONS,) else {}
    except (OSError, ValueError, KeyError, EOFError, BadZipFile):
        return {}


def _write(cache: Path, keys: np.ndarray, vectors: np.ndarray) -> None:
    cache.parent.mkdir(parents=True, exist_ok=True)
    fresh = cache.with_suffix(".new")
    with fresh.open("wb") as file:
        np.savez(file, keys=keys, vectors=vectors.astype(np.float16))
    fresh.replace(cache)


def _unit(vectors: np.ndarray) -> np.ndarray:
    return vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-9)
