"""Training questions out of what staff corrected. None leaves the console before a person has confirmed its text."""

from __future__ import annotations

import datetime
import json
import unicodedata
import uuid
from collections.abc import Collection, Iterable

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from web import privacy
from web.chat import facts
from web.chat.models import Message
from web.chat.text import visible
from web.review.models import Status, Suggestion
from web.review.refusal import Refused

#: Characters of a training question; a longer text teaches the bot nothing that a shorter one would not.
LONGEST = 500
LONGEST_TITLE = 80


@transaction.atomic
def suggestion_make(message: Message, intent: str, is_new_topic: bool, by: User) -> Suggestion | None:
    """The draft for `message`, with its redacted text; None where the same is confirmed already."""
    known = Suggestion.objects.filter(message=None, text__iexact=message.text, intent=intent, is_new_topic=is_new_topic)
    if known.exists():
        return None
    fields = {"text": message.text, "intent": intent, "is_new_topic": is_new_topic, "status": Status.DRAFT, "by": by}
    return Suggestion.objects.update_or_create(message=message, defaults=fields)[0]


@transaction.atomic
def suggestion_confirm(suggestion_id: uuid.UUID, text: str, by: User, *, anonymous: bool, title: str = "") -> Suggestion:
    """`by` has read `text` and says that it is anonymous. `title`: of a new topic, where it was changed.

    From then on nothing leads from the suggestion to the conversation, and it is kept when that is deleted. Drafts with the
    same words go. Raises Refused.
    """
    draft = _locked(suggestion_id, Status.DRAFT)
    text = as_read(text)
    intent = (as_read(title) or draft.intent) if draft.is_new_topic else draft.intent
    if not text:
        raise Refused("Ohne Text gibt es keinen Vorschlag.", "text")
    if len(text) > LONGEST:
        raise Refused(f"Der Text ist zu lang: {len(text)} von höchstens {LONGEST} Zeichen. Bitte kürzen Sie ihn.", "text")
    raise_if_personal(text, "text")
    if draft.is_new_topic:
        title_check(intent)
    if not anonymous:
        raise Refused("Bitte bestätigen Sie zuerst, dass der Text keine persönlichen Angaben enthält.", "anonymous")
    if twin := Suggestion.objects.filter(message=None, text__iexact=text).first():
        raise Refused(f"Diesen Text gibt es schon als bestätigten Vorschlag, für „{twin.intent}“.", "text")
    same = Suggestion.objects.filter(
        status=Status.DRAFT, text__iexact=draft.text, intent=draft.intent, is_new_topic=draft.is_new_topic
    )
    same.exclude(pk=draft.pk).delete()
    draft.text, draft.intent, draft.message = text, intent, None
    draft.status, draft.confirmed_by, draft.confirmed_at = Status.CONFIRMED, by, timezone.now()
    draft.save()
    return draft


@transaction.atomic
def suggestion_reject(suggestion_id: uuid.UUID) -> None:
    """The draft, and every other one with the same words, is not to become a training question. Raises Refused."""
    draft = _locked(suggestion_id, Status.DRAFT)
    same = Suggestion.objects.filter(status=Status.DRAFT, text__iexact=draft.text, intent=draft.intent)
    same.filter(is_new_topic=draft.is_new_topic).update(status=Status.REJECTED)


@transaction.atomic
def suggestion_reopen(suggestion_id: uuid.UUID) -> None:
    """A rejected one is a draft again. Raises Refused."""
    _locked(suggestion_id, Status.REJECTED)
    Suggestion.objects.filter(pk=suggestion_id).update(status=Status.DRAFT)


@transaction.atomic
def suggestion_delete(suggestion_id: uuid.UUID) -> None:
    """Removes a confirmed one for good. Raises Refused."""
    _locked(suggestion_id, Status.CONFIRMED).delete()


def suggestions_mark_imported(ids: Collection[uuid.UUID]) -> int:
    """How many confirmed ones are now marked as taken into the training data."""
    return Suggestion.objects.filter(pk__in=ids, status=Status.CONFIRMED).update(status=Status.IMPORTED)


def as_read(text: str) -> str:
    """`text` in one line, without what nobody sees: that hides personal data from the search, and the training refuses it."""
    shown = "".join(char for char in visible(text) if unicodedata.category(char) != "Cf")
    return " ".join(shown.split())


def raise_if_personal(text: str, field: str) -> None:
    """Raises Refused that names the kinds of personal data in `text`."""
    kinds = {privacy.LABELS[finding.kind]["standard"] for finding in privacy.find(text, facts.content())}
    if kinds:
        listed = ", ".join(sorted(kinds))
        raise Refused(f"Hier stehen wohl noch persönliche Angaben ({listed}). Bitte entfernen Sie sie.", field)


def title_check(title: str) -> None:
    """Raises Refused for what cannot be the title of a new topic."""
    if not 3 <= len(title) <= LONGEST_TITLE:
        raise Refused(f"Der Titel eines neuen Themas hat 3 bis {LONGEST_TITLE} Zeichen.", "title")
    raise_if_personal(title, "title")
    for topic in facts.content().topics.values():
        if topic.title.casefold() == title.casefold():
            raise Refused("Dieses Thema gibt es schon. Bitte wählen Sie es aus der Liste.", "title")


def drafts() -> QuerySet[Suggestion]:
    """What waits for a confirmation, the oldest first; the same words for the same intent once."""
    waiting = Suggestion.objects.filter(status=Status.DRAFT)
    same = waiting.filter(text__iexact=OuterRef("text"), intent=OuterRef("intent"), is_new_topic=OuterRef("is_new_topic"))
    earlier = same.filter(Q(at__lt=OuterRef("at")) | Q(at=OuterRef("at"), pk__lt=OuterRef("pk")))
    return waiting.filter(~Exists(earlier)).select_related("by", "message").order_by("at", "pk")


def confirmed(since: datetime.datetime | None = None, status: str = Status.CONFIRMED) -> QuerySet[Suggestion]:
    """Confirmed ones, the oldest first; `since`: confirmed then or later. `status`: CONFIRMED or IMPORTED."""
    found = Suggestion.objects.filter(status=status).order_by("confirmed_at", "pk")
    return found.filter(confirmed_at__gte=since) if since else found


def new_topics() -> list[str]:
    """The titles of new topics that were proposed, in alphabetical order."""
    named = Suggestion.objects.filter(is_new_topic=True).exclude(status=Status.REJECTED)
    return sorted(set(named.values_list("intent", flat=True)), key=str.casefold)


def json_lines(suggestions: Iterable[Suggestion]) -> str:
    """As they are handed to the training, one a line: no name of a person, no way back to a conversation."""
    lines = (
        {
            "id": str(each.id),
            "text": each.text,
            "intent": each.intent,
            "is_new_topic": each.is_new_topic,
            "confirmed_at": each.confirmed_at.isoformat() if each.confirmed_at else None,
        }
        for each in suggestions
    )
    return "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines)


def _locked(suggestion_id: uuid.UUID, status: Status) -> Suggestion:
    """Raises Refused where it is gone or no longer in `status`."""
    found = Suggestion.objects.select_for_update().filter(pk=suggestion_id).first()
    if found is None:
        raise Refused("Diesen Vorschlag gibt es nicht mehr.")
    if found.status != status:
        raise Refused(f"Das hat inzwischen jemand anderes entschieden: {found.get_status_display()}.")
    return found
