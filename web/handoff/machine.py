"""Who owns a conversation: one table, and the one function that changes it."""

from __future__ import annotations

import datetime
import uuid
from typing import Literal, cast

from django.conf import settings
from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Max, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone

from content import Register
from web.chat import facts, switch
from web.chat.models import WITH_A_PERSON, Author, Conversation, Message, State
from web.chat.rows import append, locked, notify
from web.handoff.models import Transition
from web.handoff.presence import staff_there
from web.handoff.queue import queue_waiting
from web.handoff.speaker import colleague, speaker

Event = Literal[
    "ask",
    "cancel",
    "take",
    "step_in",
    "give_back",
    "take_over",
    "close",
    "write",
    "lease_lost",
    "citizen_gone",
    "nobody_came",
]

#: What may happen in which state, and the state after it. Whatever does not stand here is refused.
TABLE: dict[tuple[State, Event], State] = {
    (State.BOT, "ask"): State.REQUESTED,
    (State.BOT, "step_in"): State.STAFF,
    (State.BOT, "close"): State.CLOSED,
    (State.REQUESTED, "take"): State.STAFF,
    (State.REQUESTED, "cancel"): State.BOT,
    (State.REQUESTED, "citizen_gone"): State.BOT,
    (State.REQUESTED, "nobody_came"): State.BOT,
    (State.REQUESTED, "close"): State.CLOSED,
    (State.STAFF, "take_over"): State.STAFF,
    (State.STAFF, "give_back"): State.BOT,
    (State.STAFF, "citizen_gone"): State.BOT,
    (State.STAFF, "lease_lost"): State.REQUESTED,
    (State.STAFF, "close"): State.CLOSED,
    (State.CLOSED, "ask"): State.REQUESTED,
    (State.CLOSED, "write"): State.BOT,
}

#: Without a sign of life for so long, the citizen has left.
CITIZEN_GONE = datetime.timedelta(minutes=5)

#: The reply of `content/replies.yml` that tells the citizen.
_SAYS: dict[Event, str] = {
    "ask": "handoff_waiting",
    "cancel": "handoff_back",
    "take": "handoff_taken",
    "step_in": "handoff_taken",
    "take_over": "handoff_taken",
    "give_back": "handoff_back",
    "citizen_gone": "handoff_back",
    "lease_lost": "handoff_lost",
    "nobody_came": "handoff_late",
    "close": "handoff_closed",
}

_TAKING: tuple[Event, ...] = ("take", "step_in", "take_over")


class Refused(Exception):
    """It cannot be done; `code` for the program, `message` for the member of staff."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(code)
        self.code = code
        self.message = message


@transaction.atomic
def conversation_hand(
    conversation_id: uuid.UUID,
    event: Event,
    by: User | None = None,
    *,
    confirmed: bool = False,
    register: Register | None = None,
) -> Conversation:
    """The conversation after `event`, which `by` caused (None: the citizen or the clock).

    `confirmed`: a colleague's conversation is taken over knowingly. `register`: of what the citizen is told; None: as last.
    Whoever takes what is theirs already changes nothing. Raises Refused, Deleted.
    """
    conversation = locked(conversation_id)
    before = State(conversation.state)
    if event in _TAKING and before == State.STAFF and by is not None and by.pk == conversation.owner_id:
        return conversation
    _guard(conversation, event, by, confirmed)
    now = timezone.now()
    after = TABLE[before, event]
    conversation.state = after
    conversation.state_since = _asked_at(conversation) if event == "lease_lost" else now
    conversation.owner = by if after == State.STAFF else None
    conversation.owned_until = lease_end() if after == State.STAFF else None
    conversation.citizen_types_until = conversation.staff_types_until = None
    if after in WITH_A_PERSON and before not in WITH_A_PERSON:
        conversation.citizen_seen_at = now
        conversation.leased_until = None
        conversation.messages.filter(pending=True).update(pending=False)  # the bot may be thinking: it is not to speak now
    if before in WITH_A_PERSON and after == State.BOT and switch.current().on and not _has_staff_spoken(conversation, before):
        _unanswered(conversation).update(pending=True)  # it is the bot's to answer: no person did
    Transition.objects.create(conversation=conversation, event=event, before=before, after=after, by=by)
    if event in _SAYS:
        append(conversation, _told(conversation, event, by, register or register_of(conversation)))
    else:
        conversation.save()
        notify(conversation.id)
    if State.REQUESTED in (before, after):  # places have changed
        for waiting in queue_waiting():
            notify(waiting.conversation_id)
    return conversation


def is_with_a_person(conversation_id: uuid.UUID) -> bool:
    """Whether a person is asked for or there, so that what is said now goes to staff."""
    return Conversation.objects.filter(pk=conversation_id, state__in=WITH_A_PERSON).exists()


def leases_extend(by: User, lasts: datetime.timedelta | None = None) -> int:
    """`by` is still there and holds the conversations that are theirs, whose number is returned, while the sign `lasts`: as
    long as a lease does, where nothing else is said."""
    until = lease_end() if lasts is None else timezone.now() + lasts
    return Conversation.objects.filter(state=State.STAFF, owner=by).update(owned_until=until)


def patience_over(now: datetime.datetime) -> QuerySet[Conversation]:
    """Conversations that wait for a person for too long, without a step in between."""
    last = Transition.objects.filter(conversation=OuterRef("pk")).order_by("-id").values("at")[:1]
    patience = datetime.timedelta(minutes=settings.WOHNLOTSE.handoff_minutes)
    requested = Conversation.objects.filter(state=State.REQUESTED).annotate(since=Subquery(last))
    return requested.filter(since__lte=now - patience)


def lease_end() -> datetime.datetime:
    """Until when an owner who is there now holds a conversation."""
    return timezone.now() + datetime.timedelta(seconds=settings.WOHNLOTSE.lease)


def register_of(conversation: Conversation) -> Register:
    """The register of the last message."""
    last = conversation.messages.order_by("-seq").first()
    return cast(Register, last.register) if last else "standard"


def _guard(conversation: Conversation, event: Event, by: User | None, confirmed: bool) -> None:
    """Raises Refused. Runs under the row's lock, so what it finds is still so when the row is written."""
    is_owned = conversation.state == State.STAFF
    if is_owned and (event in ("take", "step_in") or (event == "take_over" and not confirmed)):
        raise Refused("owned_by_other", f"Das Gespräch führt gerade {colleague(conversation.owner)}.")
    if (State(conversation.state), event) not in TABLE:
        raise Refused("not_possible", "Das geht nicht mehr: Das Gespräch hat sich inzwischen geändert.")
    if is_owned and event in ("give_back", "close") and (by is None or by.pk != conversation.owner_id):
        raise Refused("not_owner", "Das Gespräch führt inzwischen jemand anderes.")
    if event == "ask" and not staff_there():
        raise Refused("nobody_there", "Gerade ist niemand von der Servicestelle erreichbar.")
    now = timezone.now()
    is_held = conversation.owned_until is not None and conversation.owned_until > now
    is_seen = conversation.citizen_seen_at is not None and conversation.citizen_seen_at > now - CITIZEN_GONE
    if (event == "lease_lost" and is_held) or (event == "citizen_gone" and is_seen):  # came back while the sweep looked
        raise Refused("not_possible", "Die Person ist wieder da.")
    if event == "nobody_came" and not patience_over(now).filter(pk=conversation.pk).exists():
        raise Refused("not_possible", "Die Bürgerin oder der Bürger wartet noch nicht so lange.")


def _unanswered(conversation: Conversation) -> QuerySet[Message]:
    """What the citizen said after the last thing that staff said or that the bot, which keeps to the order, has answered."""
    said = conversation.messages.aggregate(staff=Max("seq", filter=Q(author=Author.STAFF)), answered=Max("reply_to"))
    last = max(said["staff"] or 0, said["answered"] or 0)
    return conversation.messages.filter(author=Author.CITIZEN, seq__gt=last)


def _has_staff_spoken(conversation: Conversation, before: State) -> bool:
    """Whether the owner, who has it no longer, has said something: what the citizen said after that was for them."""
    if before != State.STAFF:
        return False
    taken = conversation.messages.filter(author=Author.SYSTEM, topic="handoff_taken").aggregate(seq=Max("seq"))["seq"] or 0
    return conversation.messages.filter(author=Author.STAFF, seq__gt=taken).exists()


def _asked_at(conversation: Conversation) -> datetime.datetime:
    """When this hand-off began: the citizen keeps the place in the queue."""
    began = Transition.objects.filter(conversation=conversation, event__in=("ask", "step_in")).order_by("-id").first()
    return began.at if began else timezone.now()


def _told(conversation: Conversation, event: Event, by: User | None, register: Register) -> Message:
    name = _SAYS[event]
    fill = {"staff": speaker(by, register)} if name == "handoff_taken" else {}
    text = facts.content().reply(name, register, **fill)
    return Message(author=Author.SYSTEM, text=text, register=register, topic=name)
