"""The questions in a message, each with its verdict: one for a plain question, several for a letter or a double one."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from spacy.tokens import Doc

from components.intent_model import IntentModel, Verdict, is_out_of_scope
from components.segmentation import clauses, sentences

#: What frames a question in a letter and needs no answer of its own beside one.
FRAME = frozenset({"background", "greet", "thanks", "goodbye", "how_are_you"})
#: How sure a part must be, beside another part, to count as a question of its own.
_OWN = 0.6
_MOST = 3


@dataclass(frozen=True)
class Question:
    """A part of the message, text[start:end] of it, and what the model says of it."""

    text: str
    start: int
    end: int
    verdict: Verdict


def find_questions(doc: Doc, model: IntentModel, vector: np.ndarray) -> list[Question]:
    """One to three questions, in the order of the message. `vector`: the whole message's, shape (512,)."""
    text = doc.text
    parts = _located(text, [clause for sentence in sentences(doc) for clause in clauses(sentence)])
    if len(parts) < 2:
        return [Question(text, 0, len(text), model.verdicts([text], vector[None, :])[0])]
    whole_sentences = _located(text, sentences(doc))
    candidates = parts + [each for each in whole_sentences if each not in parts]
    texts = [text[start:end] for start, end in candidates]
    verdicts = model.verdicts([*texts, text])
    judged = {place: Question(text[place[0] : place[1]], *place, verdict) for place, verdict in zip(candidates, verdicts)}
    whole = Question(text, 0, len(text), verdicts[-1])
    return _chosen([_sentence(place, parts, judged) for place in whole_sentences], whole)


def _sentence(place: tuple[int, int], parts: list[tuple[int, int]], judged: dict[tuple[int, int], Question]) -> list[Question]:
    """The sentence as one question, or its clauses where each surely asks something else."""
    inner = [judged[part] for part in parts if place[0] <= part[0] and part[1] <= place[1]]
    apart = {each.verdict.intent for each in inner}
    if len(inner) > 1 and len(apart) == len(inner) and all(_answers(each, _OWN) for each in inner):
        return inner
    return [judged[place]]


def _chosen(by_sentence: list[list[Question]], whole: Question) -> list[Question]:
    questions = [question for sentence in by_sentence for question in sentence]
    asked = [question for question in questions if question.verdict.intent not in FRAME]
    if not asked:
        best = max(questions, key=lambda question: question.verdict.confidence)
        return [whole if whole.verdict.confidence > best.verdict.confidence else best]
    answered = _distinct([question for question in asked if question.verdict.zone == "answer"])
    strange = [
        question for question in asked if is_out_of_scope(question.verdict.intent) and question.text.rstrip().endswith("?")
    ]
    if answered:
        if len(asked) > 1 and is_out_of_scope(whole.verdict.intent) and strange and len(answered) == 1:
            return [_declined(whole)]
        return answered[:_MOST]
    return [max([*asked, whole], key=lambda question: _clearness(question.verdict))]


def _clearness(verdict: Verdict) -> float:
    return verdict.confidence if is_out_of_scope(verdict.intent) else verdict.in_scope


def _declined(question: Question) -> Question:
    return replace(question, verdict=replace(question.verdict, zone="decline"))


def _answers(question: Question, sure: float) -> bool:
    return question.verdict.zone != "decline" and question.verdict.in_scope >= sure


def _distinct(questions: list[Question]) -> list[Question]:
    seen: set[str] = set()
    kept = []
    for question in questions:
        if question.verdict.intent not in seen or question.verdict.intent == "participants_member":
            seen.add(question.verdict.intent)
            kept.append(question)
    return kept


def _located(text: str, parts: list[str]) -> list[tuple[int, int]]:
    places = []
    position = 0
    for part in parts:
        start = text.find(part, position)
        if start < 0:
            continue
        position = start + len(part)
        places.append((start, position))
    return places
