"""What the bot may say: topics, participants, contacts and replies as YAML, their schema and their reader."""

from content.reader import ContentReader, read_content, shared_reader
from content.schema import (
    REGISTERS,
    STARTERS,
    Contacts,
    Content,
    ContentError,
    FollowUp,
    Participant,
    Phrase,
    Register,
    Source,
    Text,
    Topic,
)

__all__ = [
    "REGISTERS",
    "STARTERS",
    "Contacts",
    "Content",
    "ContentError",
    "ContentReader",
    "FollowUp",
    "Participant",
    "Phrase",
    "Register",
    "Source",
    "Text",
    "Topic",
    "read_content",
    "shared_reader",
]
