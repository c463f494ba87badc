"""The questions in a message, each with its verdict: one for a plain question, several for a letter or a double one."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
from spacy.tokens import Doc

from components.intent_model import IntentModel, Verdict, is_out_of_scope
from components.segmentation import Span, adds, asks, asks_indirectly, halves, has_mark, points_back, segments

#: What frames a question in a letter and needs no answer beside one.
FRAME = frozenset({"background", "greet", "thanks", "goodbye", "how_are_you"})
#: What people say to the bot about itself or its last answer: it counts only where nothing else is asked.
ASIDE = frozenset(
    {
        *("affirm", "bot_capabilities", "bot_human", "bot_source", "deny", "insult", "not_my_question", "repeat"),
        "simpler",
    }
)
#: What answers the bot: whether it has asked anything, the model does not know, so what is said beside it is kept, too.
_YES_OR_NO = frozenset({"affirm", "deny"})
#: Of these, what is asked in earnest where it is spelt out.
_ABOUT_THE_BOT = frozenset({"bot_human", "bot_source"})
#: How sure a part that is worded as a question must be to count, how sure where the whole message asks the same, and how sure
#: where the whole does not support it: its intent has less than that share of the whole's ranking.
_ASKED = 0.5
_ASKED_BY_ALL = 0.35
_UNSUPPORTED = 0.75
_SUPPORT = 0.001
#: How sure a question of one or two words must be: „Nummer?“
_BRIEF = 0.9
#: How sure a statement and the whole message must be of the same: „Ich möchte anrufen, finde aber keine Nummer.“
_STATED = 0.9
#: How likely a message must be out of scope to count as such although its parts do not.
_STRANGE = 0.5
#: A part of a message that as a whole is out of scope must be this sure to be answered, two of them a little less.
_AGAINST = 0.97
_AGAINST_TWO = 0.9
#: How sure a question beside one that is answered must be out of scope to be declined as well.
_OUTSIDE = 0.8
_OR = re.compile(r"\b(?:oder|or)\b", re.IGNORECASE)
#: How sure the halves of „adresse + öffnungszeiten“ must be, and how sure where the whole wavers between their intents.
_HALF = 0.85
_HALF_WAVERING = 0.5
_WAVERING = 0.9
#: How likely the second guess must be for a part that else would ask again what was asked before it.
_OTHER = 0.25
_MOST = 3
_SPELT_OUT = 5  # words


@dataclass(frozen=True)
class Question:
    """A part of the message, text[start:end] of it, and what the model says of it. `joined`: whether it is a half of a
    sentence that goes on „... und wer ...“; such a half asks, and needs no support by the whole."""

    text: str
    start: int
    end: int
    verdict: Verdict
    joined: bool = False


def find_questions(doc: Doc, model: IntentModel, vector: np.ndarray) -> list[Question]:
    """One to three questions, in the order of the message. `vector`: the whole message's, shape (512,)."""
    text = doc.text
    whole = Question(text, 0, len(text), model.verdicts([text], vector[None, :])[0])
    by_sentence = segments(doc)
    if sum(map(len, by_sentence)) < 2:
        return _halved(whole, model)
    chosen = _chosen(_judged(text, by_sentence, model), whole)
    return [half for question in chosen for half in ([question] if question is whole else _halved(question, model))][:_MOST]


def _judged(text: str, by_sentence: list[list[Span]], model: IntentModel) -> list[Question]:
    """The parts with their verdicts. A sentence of which a part is out of scope is one part, unless its parts stand apart; a
    part that points back is read behind the one before it, too."""
    spans = [span for sentence in by_sentence for span in sentence]
    verdicts = dict(zip(spans, model.verdicts([text[slice(*span)] for span in spans])))
    questions: list[Question] = []
    for sentence in by_sentence:
        strange = any(is_out_of_scope(verdicts[span].intent) for span in sentence)
        if strange and len(sentence) > 1 and not _stand_apart(text, sentence, verdicts):
            sentence = [(sentence[0][0], sentence[-1][1])]
            verdicts[sentence[0]] = model.verdicts([text[slice(*sentence[0])]])[0]
        for span in sentence:
            part, verdict = text[slice(*span)], verdicts[span]
            if questions and points_back(part) and asks(part):
                behind = model.verdict_behind(part, questions[-1].text)
                is_same = behind.intent == verdict.intent
                verdict = max(verdict, behind, key=_confidence) if is_same else behind
            questions.append(Question(part, *span, verdict, joined=len(sentence) > 1))
    return questions


def _stand_apart(text: str, sentence: list[Span], verdicts: Mapping[Span, Verdict]) -> bool:
    """Whether each part of a sentence surely asks something of its own: „Wer leitet sie und wie hoch ist das Budget?“

    In „Gibt es in Bayern so eine Allianz, und wer leitet die?“ the second one does not.
    """
    strange = False
    for before, span in zip([None, *sentence], sentence):
        part, verdict = text[slice(*span)], verdicts[span]
        outside = is_out_of_scope(verdict.intent)
        sure = verdict.confidence >= _OUTSIDE if outside else _confidence(verdict) >= _AGAINST
        joint = text[before[1] : span[0]] if before else ""
        if not sure or not asks(part) or (strange and points_back(part)) or _OR.search(joint):
            return False
        strange = strange or outside
    return True


def _chosen(parts: list[Question], whole: Question) -> list[Question]:
    asked = [part for part in parts if _counts(part)]
    if not asked:
        return _said(parts, whole)
    asking = _supported(_asking(_told_apart(asked), whole), whole)
    strange = is_out_of_scope(whole.verdict.intent) and whole.verdict.confidence >= _STRANGE
    if len(asking) > 1 and (not strange or sum(_sure(part) >= _AGAINST_TWO for part in asking) > 1):
        return asking[:_MOST]
    declined = [part for part in asked if part.joined and is_out_of_scope(part.verdict.intent)]
    if declined and max(map(_sure, asking), default=0.0) >= _AGAINST:
        return sorted([*asking, declined[0]], key=lambda part: part.start)[:_MOST]
    if strange:
        best = max(asked, key=_sure)
        return [best] if _sure(best) >= _AGAINST else [whole]
    pool = [*(asking or asked), *([whole] if _counts(whole) else [])]
    # What leans on an answer says nothing alone: „Ich möchte Ihnen schreiben. Wohin denn?“
    best = max([part for part in pool if not _leans(part)] or [whole], key=_sure)
    return [best] if _sure(best) > 0 else [max([*asked, whole], key=_probability)]


def _said(parts: list[Question], whole: Question) -> list[Question]:
    """What is said where nothing is asked: an aside before a frame; „Ach so, gut. Vielen Dank!“ is a yes and a thank-you."""
    aside = [part for part in parts if part.verdict.intent in ASIDE]
    best = max(aside or [*parts, whole], key=_probability)
    polite = [part for part in parts if part.verdict.intent in FRAME - {"background"} and _sure(part) >= _ASKED]
    if best.verdict.intent not in _YES_OR_NO or not polite:
        return [best]
    return sorted([best, max(polite, key=_probability)], key=lambda part: part.start)


def _counts(part: Question) -> bool:
    """Whether it may ask something; „Stimmt das?“ is an aside, „Woher haben Sie diese Angaben?“ is a question."""
    spelt_out = part.verdict.intent in _ABOUT_THE_BOT and len(part.text.split()) >= _SPELT_OUT and asks(part.text)
    return spelt_out or part.verdict.intent not in FRAME | ASIDE


def _told_apart(asked: list[Question]) -> list[Question]:
    """Nobody asks the same twice with an „Und ...?“: a part that seems to, but wavers, asks what else it may ask."""
    found: list[Question] = []
    for part in asked:
        (first, likely), (second, share) = part.verdict.ranking[:2]
        again = any(first == other.verdict.intent for other in found)
        if again and has_mark(part.text) and adds(part.text) and share >= _OTHER and not is_out_of_scope(second):
            others = [(intent, each / (1 - likely)) for intent, each in part.verdict.ranking[1:]]
            sure = others[0][1] >= _ASKED
            part = replace(part, verdict=Verdict([*others, (first, 0.0)], others[0][1], "answer" if sure else "clarify"))
        found.append(part)
    return found


def _asking(asked: list[Question], whole: Question) -> list[Question]:
    """For each intent in scope the surest part that is sure enough and worded as a question, or a statement of what the message
    as a whole surely asks, where a later part adds a question; what leans on an answer („seit wann?“) only behind one."""
    found: dict[str, Question] = {}
    for place, part in enumerate(asked):
        if part.verdict.intent == "followup_more":  # „Können Sie dazu etwas sagen?“ asks for what the message asks for
            continue
        brief = has_mark(part.text) and _sure(part) >= _BRIEF
        said = part.verdict.intent == whole.verdict.intent and min(_sure(part), _sure(whole)) >= _STATED
        stated = said and any(_adds(later) for later in asked[place + 1 :])
        worded = part.joined or asks(part.text) or (asks_indirectly(part.text) and _sure(part) >= _STATED)
        needed = _ASKED_BY_ALL if part.verdict.intent == whole.verdict.intent else _ASKED
        if _sure(part) < needed or not (brief or stated or worded) or (_leans(part) and not found):
            continue
        intent = part.verdict.intent
        found[intent] = max(found.get(intent, part), part, key=_sure)  # of two alike the first
    return list(found.values())


def _adds(part: Question) -> bool:
    return adds(part.text) or (part.joined and _sure(part) >= _UNSUPPORTED)


def _leans(part: Question) -> bool:
    return part.verdict.intent.startswith("followup_")


def _supported(asking: list[Question], whole: Question) -> list[Question]:
    """Without doubtful parts that the message as a whole does not look like, where another part is sure."""
    shares = dict(whole.verdict.ranking)
    sure = {id(part) for part in asking if part.joined or _sure(part) >= _UNSUPPORTED}
    return [part for part in asking if id(part) in sure or _share(part, shares) >= _SUPPORT or not sure - {id(part)}]


def _share(part: Question, shares: dict[str, float]) -> float:
    """How likely the message as a whole is what the part is; of one that leans on an answer, its second guess counts, too:
    „Was sind die Ziele? Und wie wird gearbeitet?“"""
    intents = [intent for intent, _ in part.verdict.ranking[: 2 if _leans(part) else 1]]
    return max((shares.get(intent, 0.0) for intent in intents), default=0.0)


def _halved(question: Question, model: IntentModel) -> list[Question]:
    """The question, or its two halves where each surely asks something else."""
    verdict = question.verdict
    cuts = [] if is_out_of_scope(verdict.intent) else halves(question.text)
    best: tuple[float, list[Question]] = (0.0, [question])
    for cut in cuts:
        spans = [(question.start + start, question.start + end) for start, end in cut]
        texts = [question.text[start:end] for start, end in cut]
        left, right = (Question(text, *span, each) for text, span, each in zip(texts, spans, model.verdicts(texts)))
        sure = min(_sure(left), _sure(right))
        if sure > best[0] and _ask_apart(left, right, verdict) and sure >= _needed(left, right, verdict):
            best = (sure, [left, right])
    return best[1]


def _ask_apart(left: Question, right: Question, whole: Verdict) -> bool:
    first, second = left.verdict.intent, right.verdict.intent
    fits = whole.intent in (first, second) or _leans(right)
    return first != second and not _leans(left) and fits and _counts(left) and _counts(right)


def _needed(left: Question, right: Question, whole: Verdict) -> float:
    likely = {intent for intent, _ in whole.ranking[:3]}
    wavers = {left.verdict.intent, right.verdict.intent} <= likely and whole.confidence < _WAVERING
    return _HALF_WAVERING if wavers else _HALF


def _sure(question: Question) -> float:
    return _confidence(question.verdict)


def _probability(question: Question) -> float:
    return question.verdict.confidence


def _confidence(verdict: Verdict) -> float:
    """How sure it is that a question is in scope and understood; 0 where it looks out of scope."""
    return 0.0 if is_out_of_scope(verdict.intent) else verdict.in_scope
