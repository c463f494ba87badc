from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from components.encoder import encode
from training.corpus.examples import Example
from training.evaluation import neighbours
from training.evaluation.neighbours import nearest

_TEXTS = ("Wann haben Sie geöffnet?", "Wie sind die Öffnungszeiten?", "wann haben sie geöffnet?", "Wer leitet die Allianz?")
_EXAMPLES = [Example(text, "intent", (), Path("a.yml"), line) for line, text in enumerate(_TEXTS, start=1)]


def test_nearest_means_the_same_and_stands_first(tmp_path: Path) -> None:
    found = nearest("Wer hat die Leitung des Bündnisses?", _EXAMPLES, cache=tmp_path / "v.npz")

    assert found[0].place == "a.yml:4"
    assert [each.cosine for each in found] == sorted((each.cosine for each in found), reverse=True)


def test_same_words_are_shown_once(tmp_path: Path) -> None:
    found = nearest("Wann?", _EXAMPLES, cache=tmp_path / "v.npz")

    assert sorted(each.text.casefold() for each in found) == sorted({text.casefold() for text in _TEXTS})


def test_cosine_is_that_of_vectors_without_their_mean(tmp_path: Path) -> None:
    [found] = nearest("Wann ist auf?", _EXAMPLES, count=1, cache=tmp_path / "v.npz")

    vectors = encode(_TEXTS)
    known, asked = vectors[0] - vectors.mean(axis=0), encode(["Wann ist auf?"])[0] - vectors.mean(axis=0)
    expected = known @ asked / np.linalg.norm(known) / np.linalg.norm(asked)
    assert (found.text, found.cosine) == (_TEXTS[0], pytest.approx(expected, abs=2e-3))


def test_only_new_examples_are_read_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = nearest("Wann?", _EXAMPLES[:3], cache=tmp_path / "v.npz")
    asked: list[list[str]] = []
    monkeypatch.setattr(neighbours, "encode", lambda texts: asked.append(list(texts)) or encode(texts))

    nearest("Wann?", _EXAMPLES, cache=tmp_path / "v.npz")
    again = nearest("Wann?", _EXAMPLES[:3], cache=tmp_path / "v.npz")

    assert asked == [[_TEXTS[3]], ["Wann?"], ["Wann?"]]
    assert again == first


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 cut off", b"nothing"])
def test_damaged_cache_is_made_anew(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "v.npz").write_bytes(content)

    assert nearest("Wann?", _EXAMPLES, cache=tmp_path / "v.npz") == nearest("Wann?", _EXAMPLES, cache=tmp_path / "w.npz")


def test_cache_that_cannot_be_written_changes_nothing(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")

    assert len(nearest("Wann?", _EXAMPLES, cache=tmp_path / "file" / "v.npz")) == 3
