"""A turn is read from Rasa's message, also from one that another pipeline has made."""

from __future__ import annotations

from typing import Any

import pytest

from actions.turn import Mention, Question, Turn

_MESSAGE: dict[str, Any] = {
    "text": "Wer leitet das? Ist der Mieterbund dabei?",
    "intent": {"name": "alliance_lead", "confidence": 0.8},
    "questions": [
        {
            "text": "Wer leitet das?",
            "start": 0,
            "end": 15,
            "zone": "clarify",
            "in_scope": 0.5,
            "ranking": [{"name": "alliance_lead", "confidence": 0.8}, {"name": "alliance_founder", "confidence": 0.1}],
        },
        {
            "text": "Ist der Mieterbund dabei?",
            "start": 16,
            "end": 41,
            "zone": "answer",
            "in_scope": 0.9,
            "ranking": [{"name": "participants_member", "confidence": 0.9}],
        },
    ],
    "entities": [
        {"entity": "organisation", "value": "Mieterbund", "start": 24, "end": 34, "confidence_entity": 1.0},
        {"entity": "city", "value": "Kassel", "start": 0, "end": 3},
    ],
    "language": "de",
    "metadata": {"register": "einfach"},
}


def test_all_that_the_model_found_is_read() -> None:
    assert Turn.from_message(_MESSAGE) == Turn(
        text="Wer leitet das? Ist der Mieterbund dabei?",
        questions=(
            Question("Wer leitet das?", 0, 15, "clarify", (("alliance_lead", 0.8), ("alliance_founder", 0.1))),
            Question("Ist der Mieterbund dabei?", 16, 41, "answer", (("participants_member", 0.9),)),
        ),
        mentions=(Mention("organisation", "Mieterbund", 24, 34, 1.0),),
        language="de",
        register="einfach",
    )


@pytest.mark.parametrize(
    "intents",
    [
        {"intent_ranking": [{"name": "greet", "confidence": 0.7}]},
        {"intent": {"name": "greet", "confidence": 0.7}},
        {"intent": {"name": "greet", "confidence": 0.7}, "questions": [], "intent_ranking": []},
    ],
)
def test_message_of_another_pipeline_is_one_sure_question(intents: dict[str, Any]) -> None:
    assert Turn.from_message({"text": "Hallo", **intents}) == Turn(
        "Hallo", (Question("Hallo", 0, 5, "answer", (("greet", 0.7),)),)
    )


@pytest.mark.parametrize("message", [{}, {"text": None}, {"text": "", "intent": {}}, {"intent": {"name": None}}])
def test_message_without_an_intent_is_a_question_without_one(message: dict[str, Any]) -> None:
    (question,) = Turn.from_message(message).questions

    assert question == Question("", 0, 0, "answer", ())
    assert (question.intent, question.confidence) == ("", 0.0)


@pytest.mark.parametrize("metadata", [None, {}, {"register": "leicht"}, {"register": None}, {"register": ["en"]}])
def test_unknown_register_is_standard(metadata: Any) -> None:
    assert Turn.from_message({"text": "Hallo", "metadata": metadata}).register == "standard"


def test_mentions_are_those_of_the_question() -> None:
    turn = Turn(
        "Ist A dabei? Ist B dabei?",
        (Question("Ist A dabei?", 0, 12, "answer", ()), Question("Ist B dabei?", 13, 25, "answer", ())),
        (Mention("organisation", "A", 4, 5, 1.0), Mention("organisation", "B", 17, 18, 1.0)),
    )

    assert [[each.name for each in turn.mentioned("organisation", question)] for question in turn.questions] == [["A"], ["B"]]
    assert turn.mentioned("person", turn.questions[0]) == []


def test_question_without_a_mention_takes_the_last_one_before_it_and_none_behind() -> None:
    text = "Ich bin bei A und bei B. Sind die dabei? Und C?"
    asked, last = Question("Sind die dabei?", 25, 40, "answer", ()), Question("Ich", 0, 3, "answer", ())
    mentions = tuple(Mention("organisation", name, text.index(name), text.index(name) + 1, 1.0) for name in "ABC")
    turn = Turn(text, (asked,), mentions)

    assert [each.name for each in turn.mentioned("organisation", asked)] == ["B"]
    assert turn.mentioned("organisation", last) == []


def _cut(text: str, at: int, name: str, sure: float) -> Turn:
    """A message that was cut in two at `at`, with an organisation in it."""
    halves = [(text[:at].rstrip(), 0), (text[at:], at)]
    questions = [
        {
            "text": half,
            "start": start,
            "end": start + len(half),
            "zone": "answer",
            "ranking": [{"name": str(start), "confidence": 1}],
        }
        for half, start in halves
    ]
    place = text.index(name)
    entity = {"entity": "organisation", "value": name, "start": place, "end": place + len(name), "confidence_entity": sure}
    return Turn.from_message({"text": text, "questions": questions, "entities": [entity]})


def test_known_name_is_not_cut_in_two() -> None:
    text = "und was ist mit haus und grund"

    assert _cut(text, text.index("grund"), "haus und grund", 1.0).questions == (
        Question(text, 0, len(text), "answer", (("0", 1.0),)),
    )


@pytest.mark.parametrize(("name", "sure"), [("mieterbund", 1.0), ("mieterbund und wann", 0.5)])
def test_cut_beside_a_name_or_through_a_guessed_one_stays(name: str, sure: float) -> None:
    text = "ist der mieterbund und wann"

    assert [each.text for each in _cut(text, text.index("wann"), name, sure).questions] == ["ist der mieterbund und", "wann"]
