"""The German spaCy pipeline: `de_core_news_sm` where it is installed, else spaCy's own German rules. Knows no Rasa."""

from __future__ import annotations

import functools
import logging

import spacy
from spacy.language import Language

MODEL = "de_core_news_sm"
BLANK = "blank:de"

logger = logging.getLogger(__name__)


def installed_model(name: str = MODEL) -> str:
    """`name` where spaCy finds it as a package or a folder, else "blank:de"."""
    try:
        spacy.load(name, exclude=["parser", "ner", "tagger", "morphologizer", "lemmatizer", "attribute_ruler", "tok2vec"])
    except OSError:
        return BLANK
    return name


@functools.lru_cache(maxsize=2)
def load_german(name: str = MODEL) -> tuple[str, Language]:
    """(what was loaded, the pipeline). The pipeline always splits sentences by rule.

    The parser and the entity recogniser are left out: nothing here needs them, and they cost most of the time.
    Loaded once per process and shared by all models.
    """
    used = installed_model(name)
    if used == BLANK:
        logger.info("%s is not installed: spaCy's own German rules are used", name)
    nlp = spacy.blank("de") if used == BLANK else spacy.load(used, exclude=["parser", "ner"])
    if "sentencizer" not in nlp.pipe_names:
        nlp.add_pipe("sentencizer", first=True)
    return used, nlp
