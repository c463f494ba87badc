"""Names of persons anywhere in a text, where spaCy's German model is installed; without it, none."""

from __future__ import annotations

import functools
import importlib
import importlib.util
from collections.abc import Iterator
from typing import Any

from web.privacy.finding import Finding
from web.privacy.vocabulary import ORDINARY

MODEL = "de_core_news_sm"

#: What tells no person. The vectors of `tok2vec` stay: a recogniser may listen to them.
_NOT_NEEDED = ("tagger", "morphologizer", "parser", "lemmatizer", "attribute_ruler")


def persons(text: str) -> Iterator[Finding]:
    """Spans that the model takes for a person: first and last name, or one name after a title.

    The small model takes many a single word with a capital for a person („Moin“), so that one word is not enough.
    """
    model = _model(MODEL)
    if model is None:
        return
    for entity in model(text).ents:
        words = [word for word in entity.text.split() if word[0].isupper()]
        before = text[: entity.start_char].rsplit(None, 1)[-1:]
        named = len(words) > 1 or (words and before and before[0] in ("Herr", "Herrn", "Frau", "Familie", "Dr.", "Prof."))
        if entity.label_ == "PER" and named and not any(word.casefold() in ORDINARY for word in words[1:]):
            yield Finding(entity.start_char, entity.end_char, "name")


@functools.lru_cache(maxsize=1)
def _model(name: str) -> Any:
    """The model, loaded once a process; None where it is not installed, and spaCy is not imported then."""
    if importlib.util.find_spec(name) is None:
        return None
    return importlib.import_module(name).load(exclude=list(_NOT_NEEDED))
