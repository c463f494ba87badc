"""What staff say to a citizen."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import Literal

from django.conf import settings
from django.contrib.auth.models import User
from django.db import transaction

from web.chat import facts
from web.chat.models import Author, Message, State
from web.chat.rows import append, locked
from web.chat.text import visible
from web.handoff.machine import Refused, lease_end, register_of
from web.privacy import LABELS, Finding, find, redact

#: What `by` wants to be done with personal data in the text, such as the number of an authority: be asked, replace, or send.
Personal = Literal["ask", "redact", "keep"]


@transaction.atomic
def staff_say(
    conversation_id: uuid.UUID, by: User, text: str, client_id: uuid.UUID, after: int, personal: Personal = "ask"
) -> Message:
    """The stored message; the same `client_id` again is the same message.

    `after`: the last number that `by` has seen. Raises Refused ("not_owner", "answered_meanwhile", "empty", "too_long",
    "personal_data"), Deleted.
    """
    conversation = locked(conversation_id)
    earlier = conversation.messages.filter(client_id=client_id, by=by).first()
    if earlier is not None:
        return earlier
    if conversation.state != State.STAFF or conversation.owner_id != by.pk:
        raise Refused("not_owner", "Sie führen dieses Gespräch nicht mehr. Ihr Text ist noch da.")
    if conversation.messages.filter(author=Author.STAFF, seq__gt=after).exclude(by=by).exists():
        raise Refused("answered_meanwhile", "Inzwischen hat jemand anderes geantwortet. Ihr Text ist noch da.")
    written = visible(text)
    if not written:
        raise Refused("empty", "Ihre Antwort ist leer. Bitte schreiben Sie einen Text.")
    limit = settings.WOHNLOTSE.characters
    if len(written) > limit:
        raise Refused("too_long", f"Ihre Antwort ist zu lang. Bitte kürzen Sie sie auf höchstens {limit} Zeichen.")
    findings = find(written, facts.content()) if personal != "keep" else []
    if findings and personal == "ask":
        raise Refused("personal_data", _found(written, findings))
    conversation.owned_until = lease_end()
    conversation.staff_types_until = None
    [message] = append(
        conversation,
        Message(
            author=Author.STAFF,
            text=redact(written, findings),
            register=register_of(conversation),
            client_id=client_id,
            redacted=bool(findings),
            by=by,
        ),
    )
    return message


def _found(text: str, findings: Sequence[Finding]) -> str:
    listed = ", ".join(f"„{text[each.start : each.end]}“ ({LABELS[each.kind]['standard']})" for each in findings)
    return f"In Ihrer Antwort stehen wohl persönliche Angaben: {listed}. Sie ist noch nicht gesendet."
