"""What leaves the console as a file names no person: neither citizens nor staff."""

from __future__ import annotations

import re
from typing import cast

from django.contrib.auth.models import User

from content import Register
from web.chat import facts
from web.chat.models import Author, Message
from web.handoff.speaker import speaker
from web.privacy import PLACEHOLDERS, find, redact


def text_to_export(message: Message) -> str:
    """The text without personal data. What citizens wrote was stored so; staff may have given a number or a name, their own
    among them, and the note of who answers now names its member of staff to the citizen alone."""
    if message.topic == "handoff_taken" and message.author == Author.SYSTEM:
        register = cast(Register, message.register)
        return facts.content().reply(message.topic, register, staff=speaker(None, register))
    if message.author == Author.STAFF:
        text = _without_name(message.text, message.by)
        return redact(text, find(text, facts.content()))
    return message.text


def _without_name(text: str, by: User | None) -> str:
    """`text` without the names of whoever wrote it."""
    profile = getattr(by, "profile", None)
    names = [profile.shown_as if profile else "", by.get_full_name() if by else "", by.last_name if by else ""]
    for name in sorted(filter(None, names), key=len, reverse=True):
        text = re.sub(rf"(?<!\w){re.escape(name)}(?!\w)", PLACEHOLDERS["name"], text)
    return text
