"""What a citizen's message can mean, in words for staff. The bot's topics come from `content/`, where they grow."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from content import Content

#: How developers name an intent, and nobody a new topic.
_NAME = re.compile(r"[a-z0-9]+(_[a-z0-9]+)+")

Group = Literal["Themen", "Gespräch", "Gehört nicht hierher"]

#: Intents of the conversation itself. Those that have no topic are known to the bot's training data alone, which the web
#: process does not read; a test compares.
_CHAT = {
    "greet": "Begrüßung",
    "goodbye": "Verabschiedung",
    "thanks": "Dank",
    "affirm": "Zustimmung",
    "deny": "Ablehnung",
    "background": "Vorstellung ohne Frage",
    "handoff": "Wunsch nach einer Person",
    "crisis": "Notlage",
    "insult": "Beschimpfung",
    "how_are_you": "Frage, wie es dem Bot geht",
    "bot_human": "Frage, ob der Bot ein Mensch ist",
    "bot_capabilities": "Frage, was der Bot kann",
    "not_my_question": "Hinweis: falsch verstanden",
    "repeat": "Bitte um Wiederholung",
    "simpler": "Bitte um einfachere Worte",
    "followup_when": "Nachfrage: wann?",
    "followup_before": "Nachfrage: und davor?",
    "followup_who": "Nachfrage: wer?",
    "followup_where": "Nachfrage: wo?",
    "followup_why": "Nachfrage: warum?",
    "followup_how": "Nachfrage: wie?",
    "followup_more": "Nachfrage: mehr dazu",
    "followup_other": "Nachfrage: die oder der andere?",
}
_OUTSIDE = {
    "oos_money": "Geld, Zuschüsse und Darlehen",
    "oos_tenancy": "Miete und Mietrecht",
    "oos_search": "Suche nach Wohnung oder Bauplatz",
    "oos_namesakes": "Andere Bündnisse und Firmen",
    "oos_politics": "Politik",
    "oos_alliance_detail": "Einzelheiten, die nicht auf der Seite stehen",
    "oos_authority": "Andere Behörden und Anträge",
    "oos_injection": "Anweisung an den Bot",
    "oos_nonsense": "Unverständliches",
    "oos_general": "Etwas ganz anderes",
}


@dataclass(frozen=True)
class Choice:
    intent: str
    title: str
    group: Group


def choices(content: Content) -> dict[str, Choice]:
    """All intents by their names: topics by title, then those of the conversation, then those out of scope."""
    topics = sorted(content.topics.values(), key=lambda topic: topic.title)
    listed = [Choice(topic.id, topic.title, "Themen") for topic in topics]
    listed += [Choice(intent, title, "Gespräch") for intent, title in _CHAT.items()]
    listed += [
        Choice(name, _OUTSIDE.get(name, text.standard), "Gehört nicht hierher")
        for name, text in content.declines.items()
        if name != "unknown"
    ]
    return {choice.intent: choice for choice in listed}


def intent_title(intent: str, content: Content) -> str:
    """What staff read for an intent; a new topic is called as whoever proposed it called it."""
    choice = choices(content).get(intent)
    if choice is None and _NAME.fullmatch(intent):
        return "ein früheres Thema"
    return choice.title if choice else intent


def is_outside(intent: str) -> bool:
    """Whether the intent is one that the bot declines, told by its name as in the training data."""
    return intent.startswith("oos_")
