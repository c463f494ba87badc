"""How a text reads once its braces are filled."""

from __future__ import annotations

from content import Content, Register, Text
from web.editing.entries import Entry


def filled(content: Content, entry: Entry, text: str, register: Register) -> str:
    """`text` as a citizen would read it: from the contact data, and by examples where the words come from the talk."""
    if entry.kind == "ablehnung":
        return content.reply("decline", register, reason=text)
    statement = Text(standard=text, einfach=text, en=text)
    more = statement.placeholders() - content.contacts.placeholders(register).keys()
    return content.fill(statement, register, **{name: _example(content, name, register) for name in more})


def _example(content: Content, name: str, register: Register) -> str:
    if name == "answer":
        return content.answer("alliance_definition", register)
    examples = {
        "name": "Mieterbund",
        "group": content.participants[0].name,
        "limit": "2000",
        "staff": "one of our staff" if register == "en" else "eine Person von der Servicestelle",
        "opening": "on Monday at 09:00" if register == "en" else "am Montag um 9 Uhr",
    }
    return examples.get(name, name)
