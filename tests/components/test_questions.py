"""Which questions a message holds. With a stub for what the model says of a part, and with the small trained one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, cast

import numpy as np
import pytest
from spacy.language import Language

from components.encoder import DIMENSIONS, encode
from components.german import load_german
from components.intent_model import IntentModel, Verdict, Zone
from components.questions import Question, find_questions

_NOT_USED = np.zeros(DIMENSIONS, dtype=np.float32)


class _Words:
    """Says an intent by the word of `said` that stands in the text, "background" for a text with none, and `whole` for
    the message as a whole, whose vector is handed in."""

    def __init__(self, said: Mapping[str, Verdict], whole: Verdict) -> None:
        self._said = said
        self._whole = whole

    def verdicts(self, texts: Sequence[str], vectors: np.ndarray[Any, Any] | None = None) -> list[Verdict]:
        said = [next((said for word, said in self._said.items() if word in text), _sure("background")) for text in texts]
        return said if vectors is None else [self._whole]

    def verdict_behind(self, text: str, before: str) -> Verdict:
        return self.verdicts([text])[0]


def _sure(intent: str, confidence: float = 0.9, zone: Zone = "answer", in_scope: float | None = None) -> Verdict:
    outside = intent.startswith("oos_")
    sure = confidence if in_scope is None else in_scope
    return Verdict([(intent, confidence), ("other", 1 - confidence)], 0.1 if outside else sure, "decline" if outside else zone)


@pytest.fixture(scope="module")
def nlp() -> Language:
    return load_german()[1]


def _asked(nlp: Language, text: str, whole: Verdict | None = None, **said: Verdict) -> list[Question]:
    """The questions found; as a whole a message looks like its first part, and little sure, unless `whole` says else."""
    unsure = _sure(next(iter(said.values())).intent, 0.3, "clarify")
    return find_questions(nlp(text), cast(IntentModel, _Words(said, whole or unsure)), _NOT_USED)


def _parts(questions: list[Question]) -> list[tuple[str, str]]:
    return [(question.text, question.verdict.intent) for question in questions]


def _found(nlp: Language, model: IntentModel, text: str) -> list[Question]:
    return find_questions(nlp(text), model, encode([text])[0])


# with the trained model


def test_plain_question_is_one_question(nlp: Language, model: IntentModel) -> None:
    assert _parts(_found(nlp, model, "Wer leitet das Bündnis?")) == [("Wer leitet das Bündnis?", "lead")]


def test_question_buried_in_a_letter_is_found(nlp: Language, model: IntentModel) -> None:
    letter = "Sehr geehrte Damen und Herren,\nkönnten Sie mir mitteilen, wer die Allianz leitet?\nVielen Dank"

    assert _parts(_found(nlp, model, letter)) == [("könnten Sie mir mitteilen, wer die Allianz leitet?", "lead")]


def test_greeting_alone_is_a_greeting(nlp: Language, model: IntentModel) -> None:
    assert [intent for _, intent in _parts(_found(nlp, model, "Hallo! Guten Tag!"))] == ["greet"]


def test_whole_message_is_judged_by_the_vector_that_is_handed_in(nlp: Language, model: IntentModel) -> None:
    text = "Wer leitet das?"
    other = encode(["Wie wird das Wetter morgen?"])[0]

    assert _found(nlp, model, text)[0].verdict == model.verdicts([text])[0]
    assert find_questions(nlp(text), model, other)[0].verdict != model.verdicts([text])[0]


@pytest.mark.parametrize("text", ["", "?!", "🙂"])
def test_message_without_a_word_has_one_verdict(nlp: Language, model: IntentModel, text: str) -> None:
    found = _found(nlp, model, text)

    assert [(question.text, question.start, question.end) for question in found] == [(text, 0, len(text))]


# with a stub: what follows from the verdicts


def test_two_questions_in_two_sentences_are_two(nlp: Language) -> None:
    found = _asked(nlp, "Wer leitet die Allianz? Wo sitzen Sie?", leitet=_sure("lead"), sitzen=_sure("address"))

    assert _parts(found) == [("Wer leitet die Allianz?", "lead"), ("Wo sitzen Sie?", "address")]


def test_two_questions_in_one_sentence_are_two(nlp: Language) -> None:
    found = _asked(nlp, "Wer leitet die Allianz und wo sitzen Sie?", leitet=_sure("lead"), sitzen=_sure("address"))

    assert _parts(found) == [("Wer leitet die Allianz", "lead"), ("wo sitzen Sie?", "address")]


def test_places_are_those_in_the_message(nlp: Language) -> None:
    text = "Hallo!\n  Wer leitet das?   Wer leitet das? Wo sitzen Sie?"
    found = _asked(nlp, text, leitet=_sure("lead"), sitzen=_sure("address"), Hallo=_sure("greet"))

    assert [text[question.start : question.end] for question in found] == ["Wer leitet das?", "Wo sitzen Sie?"]


def test_repeated_question_is_answered_once(nlp: Language) -> None:
    found = _asked(nlp, "Wer leitet das? Sagen Sie schon, wer leitet das?", leitet=_sure("lead"))

    assert _parts(found) == [("Wer leitet das?", "lead")]


def test_four_questions_get_the_first_three_answers(nlp: Language) -> None:
    found = _asked(
        nlp,
        "Wer leitet? Wo sitzen? Was kostet? Wann offen?",
        leitet=_sure("lead"),
        sitzen=_sure("address"),
        kostet=_sure("fees"),
        offen=_sure("hours"),
    )

    assert [intent for _, intent in _parts(found)] == ["lead", "address", "fees"]


def test_halves_that_ask_the_same_get_one_answer(nlp: Language) -> None:
    text = "Wer leitet das und wer leitet es jetzt?"

    assert [intent for _, intent in _parts(_asked(nlp, text, leitet=_sure("lead")))] == ["lead"]


def test_half_that_is_not_understood_gets_no_answer(nlp: Language) -> None:
    found = _asked(nlp, "Wer leitet das und wann klappt es?", leitet=_sure("lead"), klappt=_sure("hours", 0.4, "clarify"))

    assert [intent for _, intent in _parts(found)] == ["lead"]


def test_half_out_of_scope_keeps_the_sentence_whole(nlp: Language) -> None:
    text = "Wer leitet das und wann regnet es?"
    found = _asked(nlp, text, leitet=_sure("oos_weather"), regnet=_sure("oos_weather"))

    assert _parts(found) == [(text, "oos_weather")]


def test_statement_gets_no_answer_beside_a_question(nlp: Language) -> None:
    found = _asked(nlp, "Der Mieterbund meint ja. Wer leitet das?", Mieterbund=_sure("members", 0.99), leitet=_sure("lead"))

    assert _parts(found) == [("Wer leitet das?", "lead")]


def test_follow_up_counts_behind_a_question_only(nlp: Language) -> None:
    behind = _asked(nlp, "Wer leitet das? Seit wann denn so?", leitet=_sure("lead"), wann=_sure("followup_when"))
    ahead = _asked(nlp, "Seit wann denn so? Wer leitet das?", wann=_sure("followup_when"), leitet=_sure("lead"))

    assert [intent for _, intent in _parts(behind)] == ["lead", "followup_when"]
    assert [intent for _, intent in _parts(ahead)] == ["lead"]


@pytest.mark.parametrize(("guess", "found"), [("meetings", ["goals", "followup_how"]), ("weather", ["goals"])])
def test_doubtful_follow_up_counts_where_the_message_supports_its_second_guess(
    nlp: Language, guess: str, found: list[str]
) -> None:
    leaning = Verdict([("followup_how", 0.55), (guess, 0.43)], 0.62, "answer")
    whole = Verdict([("goals", 0.97), ("meetings", 0.01)], 0.9, "answer")

    parts = _asked(nlp, "Was sind die Ziele? Und wie wird gearbeitet?", whole, Ziele=_sure("goals", 0.99), gearbeitet=leaning)

    assert [intent for _, intent in _parts(parts)] == found


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Wer leitet die Allianz und wie hoch ist das Budget?", ["lead", "oos_detail"]),
        ("Wie hoch ist das Budget und wer leitet die Allianz?", ["oos_detail", "lead"]),
        # points to what is out of scope, or offers it as the other of two
        ("Wie hoch ist das Budget und wer leitet das?", ["oos_detail"]),
        ("Wer leitet die Allianz oder wie hoch ist das Budget?", ["oos_detail"]),
    ],
)
def test_of_two_sure_questions_the_one_out_of_scope_is_declined_and_the_other_answered(
    nlp: Language, text: str, expected: list[str]
) -> None:
    said = {"Budget": _sure("oos_detail"), "leitet": _sure("lead", 0.99)}

    assert [intent for _, intent in _parts(_asked(nlp, text, _sure("oos_detail"), **said))] == expected


def test_doubtful_question_beside_one_out_of_scope_is_not_answered(nlp: Language) -> None:
    text = "Wer leitet die Allianz und wie hoch ist das Budget?"
    said = {"Budget": _sure("oos_detail"), "leitet": _sure("lead", 0.9)}

    assert [intent for _, intent in _parts(_asked(nlp, text, _sure("oos_detail"), **said))] == ["oos_detail"]


def test_of_two_parts_that_ask_the_same_the_surer_one_counts(nlp: Language) -> None:
    text = "Ich bitte um Ihr Fax. Welche Nummer hat das Faxgerät?"

    found = _asked(nlp, text, bitte=_sure("fax", 0.6), Faxgerät=_sure("fax", 0.99))

    assert _parts(found) == [("Welche Nummer hat das Faxgerät?", "fax")]


def test_part_that_would_ask_the_same_again_asks_what_else_it_may(nlp: Language) -> None:
    text = "Wer betreibt diesen Chat? Und aus welcher Quelle kommt das Wissen?"
    wavering = Verdict([("operator", 0.54), ("source", 0.44), ("other", 0.02)], 0.54, "clarify")

    found = _asked(nlp, text, betreibt=_sure("operator", 0.99), Quelle=wavering)

    assert [(each.verdict.intent, each.verdict.zone) for each in found] == [("operator", "answer"), ("source", "answer")]
    assert found[1].verdict.confidence == pytest.approx(0.44 / 0.46)


def test_part_that_surely_asks_the_same_again_is_no_second_question(nlp: Language) -> None:
    text = "Wer betreibt diesen Chat? Und wer steckt denn dahinter?"
    sure = Verdict([("operator", 0.84), ("source", 0.16)], 0.84, "answer")

    assert _parts(_asked(nlp, text, betreibt=_sure("operator", 0.99), steckt=sure)) == [
        ("Wer betreibt diesen Chat?", "operator")
    ]


def test_unsure_part_counts_where_the_message_as_a_whole_asks_the_same(nlp: Language) -> None:
    text = "In welche Straße müssen wir? Und lässt man uns ein?"
    said = {"Straße": _sure("address", 0.98), "ein?": _sure("visit", 0.4)}

    supported = _asked(nlp, text, _sure("visit", 0.5), **said)
    other = _asked(nlp, text, _sure("address", 0.5), **said)

    assert [intent for _, intent in _parts(supported)] == ["address", "visit"]
    assert [intent for _, intent in _parts(other)] == ["address"]


def test_statement_counts_where_the_message_says_the_same_and_a_question_is_added(nlp: Language) -> None:
    said = {"anrufen": _sure("phone", 0.99), "öffnen": _sure("hours")}
    text = "Ich will anrufen, finde aber nichts."

    added = _asked(nlp, f"{text} Und wann öffnen Sie?", _sure("phone", 0.95), **said)
    meant = _asked(nlp, f"{text} Wann öffnen Sie denn?", _sure("phone", 0.95), **said)

    assert [intent for _, intent in _parts(added)] == ["phone", "hours"]
    assert [intent for _, intent in _parts(meant)] == ["phone"]


def test_follow_up_behind_a_statement_is_read_with_it(nlp: Language) -> None:
    text = "Ich will Ihnen schreiben. Wohin denn bitte?"
    found = _asked(nlp, text, _sure("address", 0.7), schreiben=_sure("email", 0.4), Wohin=_sure("followup_where", 0.99))

    assert _parts(found) == [(text, "address")]


def test_first_half_asks_however_it_is_worded(nlp: Language) -> None:
    text = "Verehrtes Fräulein vom Amt, wer hat das denn gegründet und wer leitet es?"
    found = _asked(nlp, text, _sure("founder", 0.97), Fräulein=_sure("founder", 0.97), leitet=_sure("lead", 0.6))

    assert [intent for _, intent in _parts(found)] == ["founder", "lead"]


def test_brief_question_counts_where_it_is_sure(nlp: Language) -> None:
    found = _asked(nlp, "Nummer? Und wo sitzen Sie?", Nummer=_sure("phone", 0.95), sitzen=_sure("address"))

    assert [intent for _, intent in _parts(found)] == ["phone", "address"]


def test_joined_keywords_are_two_questions(nlp: Language) -> None:
    whole = _sure("hours", 0.95)
    found = _asked(nlp, "adresse + öffnungszeiten", whole, adresse=_sure("address"), zeiten=_sure("hours"))

    assert _parts(found) == [("adresse", "address"), ("öffnungszeiten", "hours")]
    assert [(question.start, question.end) for question in found] == [(0, 7), (10, 24)]


def test_joined_words_of_one_question_stay_together(nlp: Language) -> None:
    text = "Sind Städte und Gemeinden dabei?"

    assert _parts(_asked(nlp, text, _sure("members"), Städte=_sure("members"), Gemeinden=_sure("members"))) == [
        (text, "members")
    ]


@pytest.mark.parametrize("answer", ["affirm", "deny"])
def test_thanks_beside_a_yes_or_no_is_kept_and_telling_of_oneself_is_not(nlp: Language, answer: str) -> None:
    text = "Ach so, gut. Ich wohne ja auch hier. Vielen Dank!"

    questions = _asked(nlp, text, gut=_sure(answer), Dank=_sure("thanks", 0.8))

    assert _parts(questions) == [("Ach so, gut.", answer), ("Vielen Dank!", "thanks")]
    assert _parts(_asked(nlp, text, gut=_sure(answer), Dank=_sure("thanks", 0.4))) == [("Ach so, gut.", answer)]


@pytest.mark.parametrize("frame", ["greet", "thanks", "goodbye", "how_are_you", "background"])
def test_frame_gets_no_answer_beside_a_question(nlp: Language, frame: str) -> None:
    found = _asked(nlp, "Ein Rahmen. Wer leitet das?", Rahmen=_sure(frame, 0.99), leitet=_sure("lead", 0.6))

    assert _parts(found) == [("Wer leitet das?", "lead")]


def test_frames_alone_get_the_surest_answer(nlp: Language) -> None:
    found = _asked(nlp, "Hallo. Danke sehr.", Hallo=_sure("greet", 0.7), Danke=_sure("thanks", 0.8))

    assert [intent for _, intent in _parts(found)] == ["thanks"]


def test_unsure_part_is_dropped_beside_an_answer(nlp: Language) -> None:
    found = _asked(nlp, "Wer leitet das? Na so etwas.", leitet=_sure("lead"), etwas=_sure("hours", 0.4, "clarify"))

    assert _parts(found) == [("Wer leitet das?", "lead")]


def test_without_an_answer_the_clearest_part_is_asked_back(nlp: Language) -> None:
    whole = _sure("lead", 0.2, "clarify")
    found = _asked(nlp, "Wer da? Was so?", whole, Wer=_sure("lead", 0.3, "clarify"), Was=_sure("hours", 0.4, "clarify"))

    assert [(question.verdict.intent, question.verdict.zone) for question in found] == [("hours", "clarify")]


def test_strange_question_declines_a_message_that_is_strange_as_a_whole(nlp: Language) -> None:
    text = "Die Allianz ist bekannt. Regnet es morgen?"
    found = _asked(nlp, text, _sure("oos_weather"), Regnet=_sure("oos_weather"), Allianz=_sure("lead"))

    assert [(question.text, question.verdict.zone) for question in found] == [(text, "decline")]


def test_strange_remark_leaves_the_answer(nlp: Language) -> None:
    whole = _sure("lead", 0.5)
    found = _asked(nlp, "Es regnet heute. Wer leitet das?", whole, regnet=_sure("oos_weather"), leitet=_sure("lead"))

    assert _parts(found) == [("Wer leitet das?", "lead")]


def test_wish_to_hear_more_asks_nothing_else(nlp: Language) -> None:
    questions = _asked(
        nlp, "Was sind die Ziele? Können Sie dazu etwas sagen?", Ziele=_sure("alliance_goals"), etwas=_sure("followup_more")
    )
    assert _parts(questions) == [("Was sind die Ziele?", "alliance_goals")]


def test_question_about_the_bot_counts_where_it_is_spelt_out(nlp: Language) -> None:
    text = "Wo sitzen Sie? Und schreibe ich hier wirklich mit einem Menschen?"
    questions = _asked(nlp, text, sitzen=_sure("service_address"), Menschen=_sure("bot_human"))
    assert [intent for _, intent in _parts(questions)] == ["service_address", "bot_human"]


def test_clause_worded_as_a_question_counts_where_it_is_sure(nlp: Language) -> None:
    text = "Es will mir nicht in den Kopf, wozu man das braucht. Und wer leitet die Allianz?"
    sure = _asked(nlp, text, wozu=_sure("alliance_reason", 0.95), leitet=_sure("alliance_lead"))
    unsure = _asked(nlp, text, wozu=_sure("alliance_reason", 0.8), leitet=_sure("alliance_lead"))

    assert [intent for _, intent in _parts(sure)] == ["alliance_reason", "alliance_lead"]
    assert [intent for _, intent in _parts(unsure)] == ["alliance_lead"]


def test_message_that_is_hardly_strange_is_judged_by_its_parts(nlp: Language) -> None:
    text = "Ist der Mieterbund dabei? Und wie kann ich mitmachen?"
    parts = {"Mieterbund": _sure("participants_member", 0.8), "mitmachen": _sure("participants_join")}

    asked = _asked(nlp, text, _sure("oos_alliance_detail", 0.4), **parts)

    assert [intent for _, intent in _parts(asked)] == ["participants_member", "participants_join"]
