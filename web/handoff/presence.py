"""Whether somebody is there: opening hours, the holidays of Hessen, and staff who say that they are available."""

from __future__ import annotations

import datetime
import functools
from dataclasses import dataclass
from zoneinfo import ZoneInfo

import holidays
from django.contrib.auth.models import User
from django.db.models import QuerySet
from django.utils import timezone, translation
from django.utils.dateformat import format as date_format

from content import Register
from content.opening import Span, german_time
from web.chat import facts
from web.chat.rows import notify
from web.handoff.models import Presence

#: Without a sign of life for so long, a member of staff has left: a closed laptop says no goodbye.
FRESH = datetime.timedelta(seconds=60)

_ZONE = ZoneInfo("Europe/Berlin")
#: Days that are searched for the next opening: longer than any run of closed days.
_AHEAD = 31


@dataclass(frozen=True)
class Opening:
    """`is_known`: whether there are opening hours at all; `next_at`: the next time from which it is open, if any is found."""

    now: datetime.datetime
    is_known: bool
    is_open: bool
    next_at: datetime.datetime | None

    @property
    def next(self) -> str:
        """„heute ab 13 Uhr“, „am Dienstag, 24. November ab 9 Uhr“; empty where nothing is known."""
        return self.next_in("standard")

    def next_in(self, register: Register) -> str:
        """`next` in the language of the register."""
        if self.next_at is None:
            return ""
        days = (self.next_at.date() - self.now.date()).days
        with translation.override("en" if register == "en" else "de"):
            if register == "en":
                day = {0: "today", 1: "tomorrow"}.get(days, date_format(self.next_at, "\\o\\n l, j F"))
                return f"{day} at {self.next_at:%H:%M}"
            day = {0: "heute", 1: "morgen"}.get(days, date_format(self.next_at, "\\a\\m l, j. F"))
            return f"{day} ab {german_time(self.next_at.time())} Uhr"


def presence_set(user: User, available: bool) -> None:
    """The member of staff takes conversations from now on, or takes none."""
    Presence.objects.update_or_create(user=user, defaults={"available": available, "there_until": timezone.now() + FRESH})
    notify(None)


def presence_beat(user: User, lasts: datetime.timedelta = FRESH) -> None:
    """The member of staff has a page of the console open, and counts as there while the sign `lasts`."""
    Presence.objects.filter(user=user).update(there_until=timezone.now() + lasts)


def present() -> QuerySet[Presence]:
    """Whoever takes conversations now."""
    return Presence.objects.filter(available=True, there_until__gt=timezone.now(), user__is_active=True)


def staff_there() -> bool:
    """Whether a citizen who asks for a person now can get one."""
    return hours_allow() and present().exists()


def hours_allow() -> bool:
    """Whether it is open now, or no hours are known: then who is there decides alone."""
    now = opening(timezone.now())
    return now.is_open or not now.is_known


def opening(now: datetime.datetime) -> Opening:
    """What the opening hours of `content/` say about the moment `now`, which is aware of its time zone."""
    week = facts.content().contacts.week
    local = now.astimezone(_ZONE)
    if not any(week):
        return Opening(local, is_known=False, is_open=False, next_at=None)
    today = _spans(week, local.date())
    is_open = any(begin <= local.time() < end for begin, end in today)
    return Opening(local, is_known=True, is_open=is_open, next_at=_next(week, local))


def _next(week: list[list[Span]], now: datetime.datetime) -> datetime.datetime | None:
    for ahead in range(_AHEAD):
        date = now.date() + datetime.timedelta(days=ahead)
        for begin, _ in _spans(week, date):
            moment = datetime.datetime.combine(date, begin, _ZONE)
            if moment > now:
                return moment
    return None


def _spans(week: list[list[Span]], date: datetime.date) -> list[Span]:
    return [] if date in _holidays(date.year) else week[date.weekday()]


@functools.lru_cache(maxsize=4)
def _holidays(year: int) -> frozenset[datetime.date]:
    """The public holidays of Hessen."""
    return frozenset(holidays.country_holidays("DE", subdiv="HE", years=year))
