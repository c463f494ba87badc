"""Where a message is cut into sentences, a sentence into questions, and where not."""

from __future__ import annotations

import pytest
from spacy.language import Language

from components.segmentation import clauses, sentences
from components.spacy_de import load_german


@pytest.fixture(scope="module")
def nlp() -> Language:
    return load_german()[1]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Wer leitet die Allianz?", ["Wer leitet die Allianz?"]),
        ("Wer macht mit? Und seit wann?", ["Wer macht mit?", "Und seit wann?"]),
        ("Wer macht mit?Wo sitzen Sie?", ["Wer macht mit?", "Wo sitzen Sie?"]),
        (
            "Sehr geehrte Damen und Herren,\n\nich suche Rat.\nWas ist die Allianz?\nMfG",
            ["Sehr geehrte Damen und Herren,", "ich suche Rat.", "Was ist die Allianz?", "MfG"],
        ),
        ("Hallo! Wer leitet das?! 🙂", ["Hallo!", "Wer leitet das?!"]),
        ("Wo ist die Mainzer Str. 118 in Wiesbaden?", ["Wo ist die Mainzer Str. 118 in Wiesbaden?"]),
        ("wer leitet das", ["wer leitet das"]),
    ],
)
def test_message_is_cut_into_sentences(nlp: Language, text: str, expected: list[str]) -> None:
    assert sentences(nlp(text)) == expected


@pytest.mark.parametrize("text", ["", "!!!", "🙂 🙂", "...\n---\n"])
def test_text_without_a_word_has_no_sentence(nlp: Language, text: str) -> None:
    assert sentences(nlp(text)) == []


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("Wer leitet das und seit wann gibt es das?", ["Wer leitet das", "seit wann gibt es das?"]),
        ("Wer macht mit, was sind die Ziele und wo sitzen Sie?", ["Wer macht mit", "was sind die Ziele", "wo sitzen Sie?"]),
        ("Wer ist dabei oder kann ich auch mitmachen?", ["Wer ist dabei", "kann ich auch mitmachen?"]),
        ("WER LEITET DAS UND WO SITZEN SIE?", ["WER LEITET DAS", "WO SITZEN SIE?"]),
        ("Who leads it and when was it founded?", ["Who leads it", "when was it founded?"]),
        ("Ich wüsste gern, wer das leitet, und wo Sie sitzen.", ["Ich wüsste gern, wer das leitet", "wo Sie sitzen."]),
    ],
)
def test_sentence_with_two_questions_is_cut(sentence: str, expected: list[str]) -> None:
    assert clauses(sentence) == expected


@pytest.mark.parametrize(
    "sentence",
    [
        "Wer leitet die Allianz?",
        "Guten Tag, ich bin Mieterin in Kassel und wüsste gern, wer die Allianz leitet.",
        "Können Sie mir sagen, wer mitmacht?",
        "Mich interessiert, ob die Kammern dabei sind.",
        "Could you tell me, who leads the alliance?",
        "Sind Städte und Gemeinden dabei?",
        "Was machen Haus und Grund und der Mieterbund?",
        "!!!",
        "",
    ],
)
def test_sentence_with_one_question_stays_whole(sentence: str) -> None:
    assert clauses(sentence) == [sentence]
