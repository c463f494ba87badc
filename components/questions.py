"""The questions in a message, each with its verdict: one for a plain question, several for a letter or a double one."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from spacy.tokens import Doc

from components.intent_model import IntentModel, Verdict, is_out_of_scope
from components.segmentation import asks, clauses, sentences

#: What frames a question in a letter and needs no answer beside one.
FRAME = frozenset({"background", "greet", "thanks", "goodbye", "how_are_you"})
#: What people say to the bot about itself or its last answer: it counts only where nothing else is asked.
ASIDE = frozenset(
    {
        *("affirm", "bot_capabilities", "bot_human", "bot_source", "deny", "insult", "not_my_question", "repeat"),
        "simpler",
    }
)
#: How sure a clause must be to count as a question beside another clause of its sentence.
_CLAUSE = 0.6
#: How sure a sentence must be to be answered beside another one.
_BESIDE = 0.8
#: A part of a message that as a whole is out of scope must be this sure to be answered.
_AGAINST = 0.97
#: From this sureness on a part that is worded as a question is one of its own, whatever the whole looks like.
_ALONE = 0.9
#: From this sureness on the message as a whole is one question, whatever its parts look like.
_WHOLE = 0.95
_MOST = 3
_SPELT_OUT = 5  # words


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
    whole_sentences = sentences(doc)
    parts = _located(text, [clause for sentence in whole_sentences for clause in clauses(sentence)])
    if len(parts) < 2:
        return [Question(text, 0, len(text), model.verdicts([text], vector[None, :])[0])]
    places = _located(text, whole_sentences)
    candidates = parts + [each for each in places if each not in parts]
    texts = [text[start:end] for start, end in candidates]
    verdicts = model.verdicts([*texts, text])
    judged = {place: Question(text[place[0] : place[1]], *place, verdict) for place, verdict in zip(candidates, verdicts)}
    whole = Question(text, 0, len(text), verdicts[-1])
    return _chosen([_sentence(place, parts, judged) for place in places], whole)


def _sentence(place: tuple[int, int], parts: list[tuple[int, int]], judged: dict[tuple[int, int], Question]) -> list[Question]:
    """The sentence as one question, or its clauses where each surely asks something else."""
    inner = [judged[part] for part in parts if place[0] <= part[0] and part[1] <= place[1]]
    asked = _asked(inner)
    apart = {each.verdict.intent for each in asked}
    if len(asked) > 1 and len(apart) == len(asked) and all(_sure(each) >= _CLAUSE for each in asked):
        return asked
    return [judged[place]]


def _chosen(by_sentence: list[list[Question]], whole: Question) -> list[Question]:
    questions = [question for sentence in by_sentence for question in sentence]
    asked = _asked(questions)
    if not asked:
        aside = [question for question in questions if question.verdict.intent in ASIDE]
        return [max(aside or [*questions, whole], key=lambda question: question.verdict.confidence)]
    apart = _distinct([each for each in asked if _stands_alone(each)])
    if len(apart) > 1:
        return apart[:_MOST]
    intents = {question.verdict.intent for question in asked}
    if _asked([whole]) and _sure(whole) >= _WHOLE and _fits(whole, intents):
        return [whole]
    split = {id(question) for sentence in by_sentence if len(sentence) > 1 for question in sentence}
    beside = _distinct([each for each in asked if _sure(each) >= (_CLAUSE if id(each) in split else _BESIDE)])
    if len(beside) > 1:
        return beside[:_MOST]
    best = max([*asked, *_asked([whole])], key=_sure)
    if is_out_of_scope(whole.verdict.intent) and _sure(best) < _AGAINST:
        return [whole]
    return [best] if _sure(best) > 0 else [max([*asked, whole], key=lambda question: question.verdict.confidence)]


def _asked(questions: list[Question]) -> list[Question]:
    """Those that ask something; „Stimmt das?“ is an aside, „Woher haben Sie diese Angaben?“ is a question."""
    return [
        question
        for question in questions
        if question.verdict.intent not in FRAME | ASIDE
        or (question.verdict.intent == "bot_source" and len(question.text.split()) >= _SPELT_OUT)
    ]


def _stands_alone(question: Question) -> bool:
    """Surely understood without its neighbours, and worded as a question or a request."""
    return not question.verdict.intent.startswith("followup_") and _sure(question) >= _ALONE and asks(question.text)


def _fits(whole: Question, intents: set[str]) -> bool:
    """Whether a part asks the same as the whole, or all parts only make sense behind another question."""
    return whole.verdict.intent in intents or all(intent.startswith("followup_") for intent in intents)


def _sure(question: Question) -> float:
    """How sure it is that the question is in scope and understood; 0 where it looks out of scope."""
    return 0.0 if is_out_of_scope(question.verdict.intent) else question.verdict.in_scope


def _distinct(questions: list[Question]) -> list[Question]:
    """The first question of each intent."""
    seen: set[str] = set()
    kept = []
    for question in questions:
        if question.verdict.intent not in seen:
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
