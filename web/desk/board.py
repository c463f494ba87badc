"""What the desk shows: who waits, who talks with whom, what the bot is doing, and whether anybody is there."""

from __future__ import annotations

import datetime
import uuid
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import User
from django.db.models import OuterRef, QuerySet, Subquery
from django.urls import reverse
from django.utils import timezone

from web.chat import facts
from web.chat.models import Author, Conversation, Message, Register, State, Verdict
from web.desk.beat import Standing, standing
from web.handoff.presence import Opening, opening, present
from web.handoff.queue import queue_waiting
from web.handoff.speaker import colleague

#: A conversation with the bot counts as going on for so long after its last message.
_GOING_ON = datetime.timedelta(minutes=10)
#: No more of them are shown.
_MOST = 20
#: Letters of a text that stand in a list.
_LONGEST = 160
#: What became of the last question, where a person may be needed.
_TROUBLE = {"decline": "nicht beantwortet", "clarify": "nachgefragt", "unavailable": "Bot gestört"}


@dataclass(frozen=True)
class Row:
    """A conversation in one of the lists; `head` tells it from the others."""

    id: str
    address: str
    head: str
    since: str
    language: str
    text: str = ""
    badge: str = ""


@dataclass(frozen=True)
class Board:
    """The lists, each in the order in which it is worked off. `there`: how many of the staff take conversations; who, is
    nobody's business. `seen`: what that means for citizens."""

    standing: Standing
    there: str
    opening: str
    seen: str
    waiting: list[Row]
    mine: list[Row]
    colleagues: list[Row]
    bot: list[Row]


def board(user: User) -> Board:
    """The desk as `user` sees it.

    What was said stands in it only where a citizen has asked for a person: to read more is to open a conversation, and that
    is recorded.
    """
    now = timezone.now()
    owned = list(_told(Conversation.objects.filter(state=State.STAFF).select_related("owner__profile").order_by("state_since")))
    hours = opening(now)
    number = present().count()
    waiting = _waiting(now)
    return Board(
        standing=standing(user, len(waiting)),
        there=_there(number),
        opening=_opening(hours),
        seen=_seen(number > 0 and (hours.is_open or not hours.is_known)),
        waiting=waiting,
        mine=[_mine(each, now) for each in owned if each.owner_id == user.pk],
        colleagues=[
            _row(each.id, colleague(each.owner), each.state_since, now, each.language)
            for each in owned
            if each.owner_id != user.pk
        ],
        bot=_at_the_bot(now),
    )


def since(moment: datetime.datetime, now: datetime.datetime) -> str:
    """„14:05 Uhr (3 Min.)“, the minutes from 1 to 59; a day that is not today is named."""
    local = timezone.localtime(moment)
    form = "%H:%M Uhr" if local.date() == timezone.localtime(now).date() else "%d.%m., %H:%M Uhr"
    minutes = int((now - moment).total_seconds() // 60)
    return f"{local:{form}} ({minutes} Min.)" if 0 < minutes < 60 else f"{local:{form}}"


def _opening(hours: Opening) -> str:
    if not hours.is_known:
        return "Es sind keine Öffnungszeiten hinterlegt."
    if hours.is_open:
        return "Jetzt ist geöffnet."
    return f"Jetzt ist geschlossen. Geöffnet wird {hours.next}." if hours.next else "Jetzt ist geschlossen."


def _there(number: int) -> str:
    return {0: "Niemand ist erreichbar.", 1: "1 Person ist erreichbar."}.get(number, f"{number} Personen sind erreichbar.")


def _seen(is_offered: bool) -> str:
    if is_offered:
        return "Bürgerinnen und Bürger können jetzt eine Person anfragen."
    return "Bürgerinnen und Bürger lesen, dass gerade niemand da ist, und können ein Anliegen hinterlassen."


def _waiting(now: datetime.datetime) -> list[Row]:
    return [
        _row(each.conversation_id, f"Platz {each.place}", each.since, now, each.register, each.text) for each in queue_waiting()
    ]


def _mine(conversation: Any, now: datetime.datetime) -> Row:
    is_asked = conversation.last_author == Author.CITIZEN
    head = "wartet auf Ihre Antwort" if is_asked else "beantwortet"
    return _row(conversation.id, head, conversation.last_at, now, conversation.language, conversation.last_text)


def _at_the_bot(now: datetime.datetime) -> list[Row]:
    going_on = Conversation.objects.filter(state=State.BOT, active_at__gt=now - _GOING_ON)
    verdicts = Verdict.objects.filter(message__conversation=OuterRef("pk")).order_by("-message__seq")
    answers = Message.objects.filter(conversation=OuterRef("pk"), reply_to__isnull=False).order_by("-seq")
    topics = facts.content().topics
    return [
        _row(
            each.id,
            topics[each.intent].title if each.intent in topics else "kein Thema",
            each.active_at,
            now,
            each.language,
            badge=_TROUBLE.get(each.zone, ""),
        )
        for each in _told(going_on)
        .annotate(intent=Subquery(verdicts.values("intent")[:1]), zone=Subquery(answers.values("zone")[:1]))
        .order_by("-active_at", "-id")[:_MOST]
    ]


def _told(conversations: QuerySet[Conversation]) -> QuerySet[Any]:
    """With what was said last by a person, and the citizen's language."""
    messages = Message.objects.filter(conversation=OuterRef("pk")).order_by("-seq")
    said = messages.filter(author__in=(Author.CITIZEN, Author.STAFF))
    return conversations.annotate(
        last_author=Subquery(said.values("author")[:1]),
        last_text=Subquery(said.values("text")[:1]),
        last_at=Subquery(said.values("at")[:1]),
        language=Subquery(messages.filter(author=Author.CITIZEN).values("register")[:1]),
    )


def _row(
    conversation_id: uuid.UUID,
    head: str,
    moment: datetime.datetime | None,
    now: datetime.datetime,
    language: str | None,
    text: str | None = "",
    badge: str = "",
) -> Row:
    text = text or ""
    return Row(
        id=str(conversation_id),
        address=reverse("desk_conversation", args=[conversation_id]),
        head=head,
        since=since(moment or now, now),
        language=Register(language or Register.STANDARD).label,
        text=text if len(text) <= _LONGEST else text[:_LONGEST].rstrip() + " …",
        badge=badge,
    )
