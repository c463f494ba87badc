from __future__ import annotations

from content import read_content
from content.schema import REPLIES
from web.editing.entries import entries
from web.editing.titles import TITLES

CONTENT = read_content()


def test_every_part_of_the_content_is_an_entry() -> None:
    keys = {kind: {entry.key for entry in found} for kind, found in entries(CONTENT).items()}

    assert keys == {
        "kontakt": {"servicestelle"},
        "thema": set(CONTENT.topics),
        "antwort": set(CONTENT.replies),
        "ablehnung": set(CONTENT.declines),
        "beteiligte": {participant.id for participant in CONTENT.participants},
        "textbaustein": {phrase.id for phrase in CONTENT.phrases},
        "quelle": set(CONTENT.sources),
    }


def test_every_reply_and_reason_has_a_name_in_german() -> None:
    assert set(TITLES) == set(REPLIES) | set(CONTENT.declines)
