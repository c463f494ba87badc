"""How many days each kind of record is kept."""

from __future__ import annotations

import datetime
from typing import Literal, get_args

from django.conf import settings
from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone

from web.accounts.changes import change_add
from web.rights.models import Period

Kind = Literal["conversation", "review_set", "inquiry"]
KINDS: tuple[Kind, ...] = get_args(Kind)
TITLES: dict[Kind, str] = {
    "conversation": "Gespräche",
    "review_set": "bestätigte Übungsfragen ohne persönliche Angaben",
    "inquiry": "Anliegen mit Kontaktangaben",
}
#: Beyond this nothing in a chat of a public body is needed.
LONGEST = 3650


def days(kind: Kind) -> int:
    """Days after which a record of this kind is removed: what staff set last, else the default."""
    newest = Period.objects.filter(kind=kind).order_by("-id").first()
    return newest.days if newest else default_days(kind)


def limit(kind: Kind) -> datetime.datetime:
    """What is older than this is removed."""
    return timezone.now() - datetime.timedelta(days=days(kind))


@transaction.atomic
def period_set(kind: Kind, number: int, by: User | None = None) -> None:
    """Sets a period of so many days. Raises ValueError where it is none."""
    if not 1 <= number <= LONGEST:
        raise ValueError(f"a period has 1 to {LONGEST} days")
    before = days(kind)
    if before != number:
        Period.objects.create(kind=kind, days=number, by=by)
        change_add(by, "period", TITLES[kind], f"{before} → {number} Tage")


def default_days(kind: Kind) -> int:
    """Days where staff have set none."""
    return {"conversation": settings.WOHNLOTSE.retention_days, "review_set": 365, "inquiry": 180}[kind]
