"""Where a message is cut into sentences, a sentence into questions, and where not."""

from __future__ import annotations

import pytest
from spacy.language import Language

from components.german import load_german
from components.segmentation import adds, asks, halves, points_back, segments


@pytest.fixture(scope="module")
def nlp() -> Language:
    return load_german()[1]


def _sentences(nlp: Language, text: str) -> list[list[str]]:
    return [[text[start:end] for start, end in parts] for parts in segments(nlp(text))]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Wer leitet die Allianz?", ["Wer leitet die Allianz?"]),
        ("Wer macht mit? Und seit wann?", ["Wer macht mit?", "Und seit wann?"]),
        ("Wer macht mit?Wo sitzen Sie?", ["Wer macht mit?", "Wo sitzen Sie?"]),
        (
            "Sehr geehrte Damen und Herren,\n\nich suche Rat.\nWas ist die Allianz?\nMfG",
            ["Sehr geehrte Damen und Herren", "ich suche Rat.", "Was ist die Allianz?", "MfG"],
        ),
        ("أين يقع المكتب؟ متى يفتح؟", ["أين يقع المكتب؟", "متى يفتح؟"]),
        ("Hallo! Wer leitet das?! 🙂", ["Hallo!", "Wer leitet das?!"]),
        ("Wo ist die Mainzer Str. 118 in Wiesbaden?", ["Wo ist die Mainzer Str. 118 in Wiesbaden?"]),
        ("wer leitet das", ["wer leitet das"]),
    ],
)
def test_message_is_cut_into_sentences(nlp: Language, text: str, expected: list[str]) -> None:
    assert _sentences(nlp, text) == [[sentence] for sentence in expected]


@pytest.mark.parametrize("text", ["", "!!!", "🙂 🙂", "...\n---\n"])
def test_text_without_a_word_has_no_sentence(nlp: Language, text: str) -> None:
    assert segments(nlp(text)) == []


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("Wer leitet das und seit wann gibt es das?", ["Wer leitet das", "seit wann gibt es das?"]),
        ("Wer ist dabei oder kann ich auch mitmachen?", ["Wer ist dabei", "kann ich auch mitmachen?"]),
        ("WER LEITET DAS UND WO SITZEN SIE?", ["WER LEITET DAS", "WO SITZEN SIE?"]),
        ("Who leads it and when was it founded?", ["Who leads it", "when was it founded?"]),
        ("Ich wüsste gern, wer das leitet, und wo Sie sitzen.", ["Ich wüsste gern, wer das leitet", "wo Sie sitzen."]),
        ("wann gegründet u von wem", ["wann gegründet", "von wem"]),
        ("Kto to założył i kiedy?", ["Kto to założył", "kiedy?"]),
        (
            "Bitte erläutern Sie, wozu die Stelle dient, und nennen Sie mir die Anschrift.",
            ["Bitte erläutern Sie, wozu die Stelle dient", "nennen Sie mir die Anschrift."],
        ),
        ("wer macht mit & seit wann gibts das", ["wer macht mit", "seit wann gibts das"]),
        ("wo sitzt ihr + wie kann ich mitmachen", ["wo sitzt ihr", "wie kann ich mitmachen"]),
        ("Wer macht mit, und zweitens, wie tagt sie?", ["Wer macht mit", "wie tagt sie?"]),
        (
            "Ich brauche zum einen das Jahr der Gründung, zum anderen, auf wessen Betreiben das geschah.",
            ["Ich brauche zum einen das Jahr der Gründung", "auf wessen Betreiben das geschah."],
        ),
        (
            "Wir fragen, welche Aufgaben die Stelle hat; ferner, wer dort arbeitet.",
            ["Wir fragen, welche Aufgaben die Stelle hat", "wer dort arbeitet."],
        ),
        ("Ich will wissen, wer das leitet, und dann auch noch, warum.", ["Ich will wissen, wer das leitet", "warum."]),
        ("wer ist dabei und dann noch wie komm ich rein", ["wer ist dabei", "wie komm ich rein"]),
        ("Ich will wissen warum es die gibt und wie man mitmacht", ["Ich will wissen warum es die gibt", "wie man mitmacht"]),
        ("Quelle est l'adresse et quel est le numéro ?", ["Quelle est l'adresse", "quel est le numéro ?"]),
        (
            "First, I would like to know who leads it, and second, when it was founded.",
            ["First, I would like to know who leads it", "when it was founded."],
        ),
        ("Kto należy do sojuszu i jakie są jego cele?", ["Kto należy do sojuszu", "jakie są jego cele?"]),
        ("von wem sie gegründet wurde, b) bei wem sie jetzt liegt", ["von wem sie gegründet wurde", "bei wem sie jetzt liegt"]),
    ],
)
def test_sentence_with_two_questions_is_cut(nlp: Language, sentence: str, expected: list[str]) -> None:
    assert _sentences(nlp, sentence) == [expected]


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
        "Sind Haus & Grund oder Wohnen + Leben dabei?",
        "Was geschieht mit dem, was ich hier schreibe?",
        "Worauf will sie hinaus, was soll dabei herauskommen?",
        "Gibt es ein Fax und unter welcher Nummer?",
        "Geht es da um neue Wohnungen oder wie?",
    ],
)
def test_sentence_with_one_question_stays_whole(nlp: Language, sentence: str) -> None:
    assert _sentences(nlp, sentence) == [[sentence]]


def test_lead_in_and_numbers_are_left_out(nlp: Language) -> None:
    text = "Presseanfrage, bis heute: (1) Wann wurde sie gegründet? b) Wer leitet sie?"
    assert _sentences(nlp, text) == [["Wann wurde sie gegründet?"], ["Wer leitet sie?"]]


def test_colon_without_a_question_behind_it_cuts_nothing(nlp: Language) -> None:
    text = "Wann haben Sie geöffnet: morgens, abends?"
    assert _sentences(nlp, text) == [[text]]


def test_condition_before_a_colon_stays(nlp: Language) -> None:
    text = "Falls ich mitarbeiten will: wie gehe ich vor?"
    assert _sentences(nlp, text) == [[text]]


def test_short_sentence_that_refers_back_joins_the_one_before(nlp: Language) -> None:
    text = "Ich möchte Sie besuchen. Ist das möglich, und wann haben Sie geöffnet?"
    assert _sentences(nlp, text) == [["Ich möchte Sie besuchen. Ist das möglich", "wann haben Sie geöffnet?"]]


@pytest.mark.parametrize(
    "part",
    ["Wer leitet das?", "Bitte nennen Sie mir die Anschrift", "wohnallianz wann gegründet", "Und dann noch, wo Sie sitzen"],
)
def test_question_and_request_ask(part: str) -> None:
    assert asks(part)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Was ist das für eine Frau? Amt oder was?", ["Was ist das für eine Frau? Amt oder was?"]),
        ("Er sei dabei. Können Sie mir das bestätigen?", ["Er sei dabei. Können Sie mir das bestätigen?"]),
        ("Ist er dabei? Können Sie mir die Adresse sagen?", ["Ist er dabei?", "Können Sie mir die Adresse sagen?"]),
    ],
)
def test_sentence_that_only_completes_the_one_before_joins_it(nlp: Language, text: str, expected: list[str]) -> None:
    assert [part for sentence in _sentences(nlp, text) for part in sentence] == expected


@pytest.mark.parametrize(
    ("part", "asking"),
    [
        ("Für eine kurze Auskunft wäre ich sehr verbunden, Brunhilde Faust", False),
        ("Über eine baldige Antwort würden wir uns freuen, bitte", False),
        ("Zwei Dinge fehlen mir noch zur Allianz.", False),
        ("Ich hätte gerne zweierlei gewusst.", False),
        ("Für eine Auskunft, wer sie leitet, wäre ich dankbar.", True),
        ("Könnten Sie mir zwei Fragen beantworten?", True),
        ("Für die Anschrift wäre ich dankbar, bitte.", True),
    ],
)
def test_what_stands_around_questions_asks_nothing(part: str, asking: bool) -> None:
    assert asks(part) is asking


@pytest.mark.parametrize("part", ["Mit freundlichen Grüßen", "Früher hieß das Wohnungsamt", "Wer denn?", ""])
def test_statement_and_brief_question_do_not(part: str) -> None:
    assert not asks(part)


@pytest.mark.parametrize(
    ("part", "more"),
    [("Und wann öffnen Sie?", True), ("Nennen Sie mir auch die Anschrift", True), ("Wie stellen wir das an?", False)],
)
def test_part_adds_a_question_where_it_says_so(part: str, more: bool) -> None:
    assert adds(part) is more


@pytest.mark.parametrize(
    ("part", "points"),
    [
        ("Was ist das für eine Einrichtung?", True),
        ("Wer arbeitet dort?", True),
        ("Was macht die Servicestelle dort?", False),
        ("Wann wurde gegründet?", False),
        ("Was darf ich mir darunter vorstellen?", True),
        ("Haben Sie so eines?", True),
        ("Bitte nennen Sie mir die Anschrift.", False),
        ("Ich brauche das genaue Jahr.", False),
    ],
)
def test_part_points_back_where_it_names_no_subject(part: str, points: bool) -> None:
    assert points_back(part) is points


@pytest.mark.parametrize(
    ("part", "expected"),
    [
        ("adresse + öffnungszeiten", [("adresse", "öffnungszeiten")]),
        ("telnr und mailadr", [("telnr", "mailadr")]),
        ("Haben Sie Fax oder E-Mail?", [("Haben Sie Fax", "E-Mail?")]),
        ("Ziele, Themen und Leitung", [("Ziele, Themen", "Leitung")]),
        (
            "ich bitte um Angaben zu den Themen der Allianz sowie zu ihren Gremien und deren Turnus",
            [("ich bitte um Angaben zu den Themen der Allianz", "zu ihren Gremien und deren Turnus")],
        ),
        (
            "Lässt sich dieser Chat denn auch mit einem Vorleseprogramm benutzen, und versteht er Polnisch?",
            [("Lässt sich dieser Chat denn auch mit einem Vorleseprogramm benutzen", "versteht er Polnisch?")],
        ),
        ("Bitte Mailadresse wie auch Faxnummer", [("Bitte Mailadresse", "Faxnummer")]),
        ("Adres nedir ve saat kaçta açık?", [("Adres nedir", "saat kaçta açık?")]),
        ("أين المكتب ومتى يفتح", [("أين المكتب", "متى يفتح")]),
        ("Haben Sie ein Fax, und wenn ja, mit welcher Nummer?", []),
        ("Servicestelle Wohnen'i aramak istiyorum", []),
        ("Wer leitet das?", []),
        ("a + b", []),
    ],
)
def test_halves_are_those_around_an_and(part: str, expected: list[tuple[str, str]]) -> None:
    assert [tuple(part[start:end] for start, end in cut) for cut in halves(part)] == expected
