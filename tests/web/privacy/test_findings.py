from __future__ import annotations

import time
from collections import Counter
from typing import get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from content import Content, read_content
from tests.web.privacy.samples import read
from training.corpus.examples import read_examples
from training.corpus.questions import read_dialogues
from web.privacy import Finding, Kind, find, redact
from web.privacy.placeholders import PLACEHOLDERS

STRINGS = read("strings.jsonl")
CONTENT = read_content()

#: Pieces that are personal data, or nearly; put together at random they come close to each other's patterns.
PIECES = [row["text"] for row in STRINGS] + [row["text"] for row in read("clean.jsonl")] + list(PLACEHOLDERS.values())
#: Repeated, each is the start of many finds that come to nothing, or many that do.
TEDIOUS = [
    *(
        "a",
        "A-",
        "a.",
        "1 ",
        "12-",
        "0611 ",
        "DE12 ",
        "DE12 3456 ",
        "4 ",
        "@",
        "a@b ",
        "a at b ",
        " punkt ",
        "aa-bb.cc ",
        "tel ",
        "null ",
    ),
    *(
        "(",
        " ",
        "\n",
        "ß",
        "Am Alten ",
        "Straße ",
        "str 1 ",
        "in der Str. 5, 3",
        "12345 ",
        "Ab ",
        "Aa mein Name ",
        "von ",
        "K. ",
        "mit ",
    ),
    *("ich heiße ", "Mein Name ist Erika Muster. ", "Name: ", "Name: A b\n", "Mit freundlichen Grüßen ", "Danke, "),
]
TEXTS = st.one_of(
    st.text(max_size=300),
    st.text(alphabet="aAeEß0123456789 .,-/()[]@+:\nÄ", max_size=200),
    st.lists(st.one_of(st.sampled_from(PIECES), st.text(max_size=8)), max_size=6).map("".join),
    st.lists(st.sampled_from(PIECES), max_size=6).map(" ".join),
)


@pytest.mark.parametrize("kind", get_args(Kind))
def test_at_least_95_percent_of_a_kind_are_found(kind: Kind, content: Content) -> None:
    missed, count = [], 0
    for row in STRINGS:
        found = [(each.kind, row["text"][each.start : each.end]) for each in find(row["text"], content)]
        for labelled, text in row["found"]:
            if labelled == kind:
                count += 1
                if not any(each == kind and text in whole for each, whole in found):
                    missed.append(text)
    assert count >= 30
    assert len(missed) <= 0.05 * count, missed


def test_there_are_as_many_strings_as_agreed() -> None:
    assert len(STRINGS) >= 240
    assert len(read("clean.jsonl")) >= 120


def test_nothing_else_is_found_in_the_strings(content: Content) -> None:
    wrong = []
    for row in STRINGS:
        kinds = Counter(each.kind for each in find(row["text"], content))
        wrong += [(row["text"], kinds)] if kinds - Counter(kind for kind, _ in row["found"]) else []
    assert wrong == []


@pytest.mark.parametrize("row", read("clean.jsonl"), ids=lambda row: row["text"][:40])
def test_nothing_is_found_in_a_clean_string(row: dict[str, str], content: Content) -> None:
    assert find(row["text"], content) == []


def test_nothing_is_found_in_what_the_bot_says(content: Content) -> None:
    said = [content.answer(topic, register) for topic in content.topics for register in ("standard", "einfach", "en")]
    said += [text.of(register) for text in content.declines.values() for register in ("standard", "einfach", "en")]
    said += [topic.title for topic in content.topics.values()] + [topic.title_en for topic in content.topics.values()]
    said += [person.answers.of(register) for person in content.participants for register in ("standard", "einfach", "en")]
    said += [content.contacts.address, *content.contacts.placeholders("standard").values()]
    assert {text: found for text in said if (found := find(text, content))} == {}


def test_in_training_and_test_questions_only_the_reviewed_personal_data_is_found(content: Content) -> None:
    questions = [(example.path.name, example.text) for example in read_examples()]
    questions += [(turn.place.split(":")[0], turn.text) for turns in read_dialogues() for turn in turns]
    found = {(name, each.kind, text[each.start : each.end]) for name, text in questions for each in find(text, content)}
    reviewed = {(row["file"], row["kind"], row["text"]) for row in read("reviewed.jsonl")}
    assert found - reviewed == set(), "a false find, or a question with personal data: read it, then list it in reviewed.jsonl"
    assert reviewed - found == set(), "no longer found, or no longer there"


@given(TEXTS)
@settings(max_examples=400, deadline=None)
def test_a_redacted_text_has_no_findings(text: str) -> None:
    assert find(redact(text, find(text, CONTENT)), CONTENT) == []


@given(TEXTS)
@settings(max_examples=200, deadline=None)
def test_findings_are_in_order_and_within_the_text(text: str) -> None:
    position = 0
    for finding in find(text, CONTENT):
        assert position <= finding.start < finding.end <= len(text)
        assert text[finding.start : finding.end].strip()
        position = finding.end


@given(TEXTS)
@settings(max_examples=200, deadline=None)
def test_nothing_outside_of_the_findings_changes(text: str) -> None:
    findings = find(text, CONTENT)
    redacted = redact(text, findings)
    for number, finding in enumerate(findings):
        before = text[findings[number - 1].end if number else 0 : finding.start]
        assert redacted.startswith(before + PLACEHOLDERS[finding.kind])
        redacted = redacted[len(before) + len(PLACEHOLDERS[finding.kind]) :]
    assert redacted == text[findings[-1].end if findings else 0 :]


@pytest.mark.parametrize("piece", TEDIOUS)
def test_time_grows_no_faster_than_the_text(piece: str, content: Content) -> None:
    short, long = _seconds(piece, 1_000, content), _seconds(piece, 10_000, content)
    assert long < 40 * short + 0.05


def test_a_find_within_another_is_no_find_of_its_own(content: Content) -> None:
    text = "Erreichbar unter 06151-4412309@gmx.de"
    assert find(text, content) == [Finding(17, len(text), "email")]


def test_numbers_with_check_digits_are_no_telephone_numbers(content: Content) -> None:
    text = "DE84 3416 7211 0684 0388 54"
    assert find(text, content) == [Finding(0, len(text), "iban")]


def test_offsets_count_code_points(content: Content) -> None:
    text = "👩‍🌾🏡 Ich heiße Erika Muster."
    assert [text[each.start : each.end] for each in find(text, content)] == ["Erika Muster"]


def test_placeholders_that_a_citizen_types_are_no_findings(content: Content) -> None:
    assert find("Mein Name ist [Name], meine Straße [Anschrift] 5, 35390 Gießen.", content) == []


def _seconds(piece: str, length: int, content: Content) -> float:
    """The shortest of three runs, in processor time, so that a busy machine does not count."""
    text = (piece * length)[:length]
    times = []
    for _ in range(3):
        start = time.process_time()
        find(text, content)
        times.append(time.process_time() - start)
    return min(times)
