"""What is removed when its time is over: once a day by itself in the web process, or by `python -m web retention`.

Of reviewed messages only what a person confirmed to hold no personal data is kept on, as training questions without a link
to their conversation (`Suggestion`): the review set. Everything else of a conversation goes with it.
"""

from __future__ import annotations

import datetime
import logging
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from axes.models import AccessAttempt
from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import connection, transaction
from django.db.models import QuerySet
from django.utils import timezone

from web.accounts.models import Change
from web.chat.conversations import conversation_delete, conversations_expired
from web.chat.rows import Deleted, locked
from web.inquiries.retention import inquiries_expired
from web.review.models import Suggestion
from web.rights import periods, tracker
from web.rights.models import Proof, Reading

logger = logging.getLogger(__name__)

#: By the clock of Hessen: when hardly anybody writes.
_HOUR = datetime.time(3, tzinfo=ZoneInfo("Europe/Berlin"))
#: After this, what could not be done is tried again.
_AGAIN = datetime.timedelta(hours=1)
#: Any number that nothing else on this database locks.
_LOCK = 4_703_118


@dataclass(frozen=True)
class Rule:
    """`kept`: how long, in German. `before`: what is older is removed. `count`, `remove`: of what is older than that."""

    kind: str
    title: str
    kept: Callable[[], str]
    before: Callable[[], datetime.datetime]
    count: Callable[[datetime.datetime], int]
    remove: Callable[[datetime.datetime], int]


@dataclass(frozen=True)
class Outcome:
    """`number`: rows that are due, or were removed; None where the database did not answer, which `note` says."""

    rule: Rule
    before: datetime.datetime
    number: int | None
    note: str = ""


def retention_preview() -> list[Outcome]:
    """What `retention_run` would remove now. Changes nothing."""
    return [_outcome(rule, rule.count) for rule in RULES]


def retention_run() -> list[Outcome] | None:
    """Removes what is due, and leaves a proof without text. None where another process is at it."""
    with connection.cursor() as cursor:
        cursor.execute("select pg_try_advisory_lock(%s)", [_LOCK])
        if not cursor.fetchone()[0]:
            return None
        try:
            return [_proven(_outcome(rule, rule.remove)) for rule in RULES]
        finally:
            cursor.execute("select pg_advisory_unlock(%s)", [_LOCK])


def retention_run_when_due() -> None:
    """What the web process calls again and again: runs once after three o'clock each night, or as soon as it is up again."""
    if _is_due(timezone.now()):
        retention_run()


def proofs() -> QuerySet[Proof]:
    """What was removed, the newest first."""
    return Proof.objects.order_by("-id")


def _is_due(now: datetime.datetime) -> bool:
    local = now.astimezone(_HOUR.tzinfo)
    night = datetime.datetime.combine(local.date(), _HOUR)
    if night > now:
        night -= datetime.timedelta(days=1)
    newest = Proof.objects.order_by("kind", "-id").distinct("kind")
    last = {proof.kind: proof for proof in newest}
    return any(
        rule.kind not in last
        or last[rule.kind].at < night
        or (last[rule.kind].removed is None and last[rule.kind].at < now - _AGAIN)
        for rule in RULES
    )


def _outcome(rule: Rule, work: Callable[[datetime.datetime], int]) -> Outcome:
    before = rule.before()
    try:
        return Outcome(rule, before, work(before))
    except tracker.Missing:
        return Outcome(rule, before, 0, "Rasa hat noch keine Tabelle angelegt.")
    except tracker.Unreachable:
        logger.error("the database of Rasa is not reached: old events could not be removed")
        return Outcome(rule, before, None, "Rasas Datenbank ist nicht erreichbar.")


def _proven(outcome: Outcome) -> Outcome:
    Proof.objects.create(kind=outcome.rule.kind, older_than=outcome.before, removed=outcome.number, note=outcome.note)
    return outcome


def _conversations_remove(before: datetime.datetime) -> int:
    """One transaction each, so that nobody who writes waits for all of them; Rasa's memory of them goes soon after."""
    expired = list(conversations_expired(before).values_list("id", flat=True))
    return sum(_conversation_remove(conversation_id, before) for conversation_id in expired)


@transaction.atomic
def _conversation_remove(conversation_id: uuid.UUID, before: datetime.datetime) -> bool:
    """False where it was deleted, or somebody wrote in it, since it was listed."""
    try:
        is_expired = locked(conversation_id).active_at < before
    except Deleted:
        return False
    if is_expired:
        conversation_delete(conversation_id)
    return is_expired


def _ago(age: datetime.timedelta) -> Callable[[], datetime.datetime]:
    return lambda: timezone.now() - age


def _rows(
    kind: str,
    title: str,
    kept: Callable[[], str],
    before: Callable[[], datetime.datetime],
    due: Callable[[datetime.datetime], QuerySet[Any]],
) -> Rule:
    """A rule that removes rows of our own database; those that go with them are not counted."""

    def remove(limit: datetime.datetime) -> int:
        rows = due(limit)
        return rows.delete()[1].get(rows.model._meta.label, 0)

    return Rule(kind, title, kept, before, lambda limit: due(limit).count(), remove)


RULES = (
    Rule(
        "conversation",
        "Gespräche mit allem, was dazu gehört",
        lambda: f"{periods.days('conversation')} Tage nach der letzten Nachricht",
        lambda: periods.limit("conversation"),
        lambda limit: conversations_expired(limit).count(),
        _conversations_remove,
    ),
    _rows(
        "review_set",
        "bestätigte Übungsfragen ohne persönliche Angaben",
        lambda: f"{periods.days('review_set')} Tage nach der Bestätigung",
        lambda: periods.limit("review_set"),
        lambda limit: Suggestion.objects.filter(confirmed_at__lt=limit),
    ),
    _rows(
        "inquiry",
        "Anliegen mit Kontaktangaben",
        lambda: f"{periods.days('inquiry')} Tage nach der Erledigung; offene doppelt so lange ab Eingang oder Wiederöffnen",
        lambda: periods.limit("inquiry"),
        inquiries_expired,
    ),
    Rule(
        "tracker_event",
        "Gedächtnis des Bots (Rasa)",
        lambda: "24 Stunden",
        _ago(datetime.timedelta(hours=24)),
        tracker.events_count,
        tracker.events_remove,
    ),
    _rows(
        "reading",
        "Vermerke, wer was gelesen hat",
        lambda: "365 Tage",
        _ago(datetime.timedelta(days=365)),
        lambda limit: Reading.objects.filter(at__lt=limit),
    ),
    _rows(
        "change",
        "Vermerke über Änderungen an Konten und Einstellungen",
        lambda: "1095 Tage",
        _ago(datetime.timedelta(days=1095)),
        lambda limit: Change.objects.filter(at__lt=limit),
    ),
    _rows(
        "attempt",
        "misslungene Anmeldungen mit Name und Adresse",
        lambda: "15 Minuten, wird danach beim nächsten Lauf gelöscht",
        _ago(settings.AXES_COOLOFF_TIME),
        lambda limit: AccessAttempt.objects.filter(attempt_time__lt=limit),
    ),
    _rows(
        "session",
        "abgelaufene Sitzungen der Mitarbeitenden",
        lambda: f"{settings.SESSION_COOKIE_AGE // 3600} Stunden nach dem Anmelden",
        timezone.now,
        lambda limit: Session.objects.filter(expire_date__lt=limit),
    ),
)
