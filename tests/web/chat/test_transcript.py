"""Lines of a transcript: who spoke, when, in which language, with which source."""

from __future__ import annotations

import datetime

import pytest
from django.contrib.auth.models import User

from content import Register
from web.accounts.models import Profile
from web.chat.models import Author, Message
from web.chat.transcript import Line, transcript_lines

_SUMMER = datetime.datetime(2026, 7, 1, 22, 30, tzinfo=datetime.timezone.utc)
_SOURCE = {"title": "Die {Seite}", "url": "https://www.example.de/", "stand": "2026-03-09"}


def _line(author: Author, spoken: Register, read: Register, source: dict[str, str] | None = None) -> Line:
    [line] = transcript_lines([Message(author=author, text="Text", register=spoken, at=_SUMMER, source=source)], read)
    return line


def test_time_is_that_of_the_citizens() -> None:
    assert _line(Author.BOT, "standard", "standard").when.isoformat() == "2026-07-02T00:30:00+02:00"


@pytest.mark.parametrize(
    ("author", "german", "english"),
    [
        (Author.CITIZEN, "Sie", "You"),
        (Author.BOT, "Wohnlotse (automatischer Assistent)", "Wohnlotse (automatic assistant)"),
        (Author.STAFF, "Eine Person von der Servicestelle", "A person from the Servicestelle"),
        (Author.SYSTEM, "Hinweis", "Note"),
    ],
)
def test_speaker_is_named_in_the_language_of_the_reader(author: Author, german: str, english: str) -> None:
    assert _line(author, "en", "standard").speaker == _line(author, "en", "einfach").speaker == german
    assert _line(author, "standard", "en").speaker == english


def test_language_is_that_of_the_text_and_unknown_for_a_citizen() -> None:
    assert _line(Author.BOT, "einfach", "en").language == "de"
    assert _line(Author.BOT, "en", "standard").language == "en"
    assert _line(Author.CITIZEN, "en", "en").language == _line(Author.STAFF, "en", "en").language == ""


def test_question_back_is_copied_with_its_choices_and_an_answer_without_its_suggestions() -> None:
    buttons = [{"title": "Wer ist Frau A?", "payload": "a"}, {"title": "Etwas anderes", "payload": "b"}]
    asked, answered = (
        Message(author=Author.BOT, text="Meinten Sie ...?", register="standard", at=_SUMMER, zone=zone, buttons=buttons)
        for zone in ("clarify", "answer")
    )

    texts = [line.text for line in transcript_lines([asked, answered], "standard")]
    assert texts == ["Meinten Sie ...?\n– Wer ist Frau A?\n– Etwas anderes", "Meinten Sie ...?"]


def test_member_of_staff_is_named_as_citizens_may_see_it() -> None:
    user = User(username="xd", last_name="Geheim")
    user.profile = Profile(user=user, shown_as="Frau Diehl")
    message = Message(author=Author.STAFF, by=user, text="Text", register="standard", at=_SUMMER)

    assert transcript_lines([message], "standard")[0].speaker == "Frau Diehl von der Servicestelle"


def test_source_stands_there_with_its_date() -> None:
    assert (
        _line(Author.BOT, "standard", "einfach", _SOURCE).source
        == "Quelle: Die {Seite}, Stand 09.03.2026, https://www.example.de/"
    )
    assert (
        _line(Author.BOT, "standard", "en", _SOURCE).source == "Source: Die {Seite}, as of 09.03.2026, https://www.example.de/"
    )
    assert _line(Author.BOT, "standard", "en").source == ""
