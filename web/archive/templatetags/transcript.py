"""What a transcript says in words for staff."""

from __future__ import annotations

import datetime

from django import template

from web.archive.filters import ZONES
from web.chat import facts
from web.handoff.models import Transition
from web.review.intents import intent_title

register = template.Library()

#: What became of a question, and of a message that the bot did not read as one.
_OUTCOMES = {**ZONES, "guard": "vom Bot nicht gelesen", "unavailable": "Bot gestört", "": "ohne Ausgang"}

_STEPS = {
    "ask": "Nach einer Person gefragt",
    "cancel": "Anfrage zurückgezogen",
    "take": "Von der Servicestelle angenommen",
    "step_in": "Servicestelle hat sich eingeschaltet",
    "take_over": "Von einer anderen Person der Servicestelle übernommen",
    "give_back": "An den Bot zurückgegeben",
    "close": "Gespräch beendet",
    "write": "Gespräch wieder aufgenommen",
    "lease_lost": "Verbindung der Servicestelle verloren, wieder in der Warteschlange",
    "citizen_gone": "Bürgerin oder Bürger nicht mehr da",
    "nobody_came": "Niemand hat die Anfrage angenommen",
}


@register.filter
def intent(name: str) -> str:
    """The title of a topic, or what an intent is called."""
    return intent_title(name, facts.content())


@register.filter
def zone(name: str) -> str:
    """What the bot did with a message."""
    return _OUTCOMES.get(name, _OUTCOMES[""])


@register.filter
def percent(share: float) -> str:
    """A share, 0 to 1, with a narrow space before the sign (DIN 5008)."""
    return f"{share * 100:.0f}\u202f%"


@register.filter
def day(date: str) -> str:
    """A date as JSON holds it, as people write it."""
    return f"{datetime.date.fromisoformat(date):%d.%m.%Y}"


@register.filter
def happened(step: Transition) -> str:
    """A step of the hand-off."""
    return _STEPS.get(step.event, step.get_after_display())
