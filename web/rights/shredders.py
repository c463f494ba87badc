"""The shredder contract: every field that can hold what a citizen wrote says how it is handed over and how it is shredded.

Deleting a conversation or an inquiry takes all rows named here along (the database's own rules do it). A test walks the
fields of all models and fails for one that stands neither here nor among the harmless ones; another one fills every field
named here, deletes, and looks into every table for what is left.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

from django.db.models import Model, QuerySet
from django.utils import timezone

from web.archive.models import Document
from web.chat.models import Feedback, Message, Verdict
from web.handoff.models import Transition
from web.inquiries.contents import contents_of
from web.inquiries.models import Inquiry
from web.review.models import Note, Review, Suggestion

#: What a citizen can name.
Kind = Literal["conversation", "inquiry"]


@dataclass(frozen=True)
class Shredder:
    """A table with rows that belong to a conversation or an inquiry (`kind`), which `path` leads to.

    `fields`: those that can hold a citizen's words, or what was computed from them. `title` and `hand_over`, one row as
    German names and values, are for the citizen.
    """

    kind: Kind
    model: type[Model]
    path: str
    fields: tuple[str, ...]
    title: str
    hand_over: Callable[[Any], dict[str, Any]]

    def rows(self, key: object) -> QuerySet[Any]:
        """The rows of the conversation or inquiry with the primary key `key`."""
        return self.model._default_manager.filter(**{self.path: key}).order_by("pk")


def _message(row: Message) -> dict[str, Any]:
    return {
        "Nummer": row.seq,
        "Zeit": _time(row.at),
        "von": row.get_author_display(),
        "Text": row.text,
        "Angaben ersetzt": "ja" if row.redacted else "nein",
        "Thema": row.topic,
        "Schaltflächen": [button.get("title", "") for button in row.buttons],
        "Quelle": (row.source or {}).get("title", ""),
        "Übergabe an eine Person": (row.handoff or {}).get("reason", ""),
    }


def _verdict(row: Verdict) -> dict[str, Any]:
    return {
        "zu Nachricht": row.message.seq,
        "verstanden als": row.intent,
        "Sicherheit": round(row.confidence, 3),
        "Ausgang": row.zone,
        "erwogene Themen": [f"{each['name']}: {each['confidence']:.3f}" for each in row.ranking],
        "Themen": row.topics,
        "Sprachmodell": row.model,
        "Zahlen, die den Sinn des Satzes beschreiben": [round(float(number), 4) for number in row.vector],
    }


def _inquiry(row: Inquiry) -> dict[str, Any]:
    contents = contents_of(row)
    return {
        "Nummer": row.reference,
        "eingegangen": _time(row.at),
        "Einwilligung": _time(row.consented_at),
        "Anliegen": contents.concern,
        "Name": contents.name,
        "E-Mail-Adresse": contents.email,
        "Telefon": contents.phone,
        "Stand": row.get_progress_display(),
        "erledigt": _time(row.done_at) if row.done_at else "",
    }


def _time(at: Any) -> str:
    return timezone.localtime(at).strftime("%d.%m.%Y, %H:%M:%S")


SHREDDERS = (
    Shredder(
        "conversation",
        Message,
        "conversation",
        ("text", "buttons", "source", "topic", "handoff"),
        "Nachrichten",
        _message,
    ),
    Shredder(
        "conversation",
        Verdict,
        "message__conversation",
        ("intent", "ranking", "topics", "vector"),
        "Was der Bot verstanden hat",
        _verdict,
    ),
    Shredder(
        "conversation",
        Feedback,
        "message__conversation",
        (),
        "Ihre Bewertungen",
        lambda row: {
            "zu Nachricht": row.message.seq,
            "Zeit": _time(row.at),
            "hat geholfen": "ja" if row.helpful else "nein",
            "Grund": row.get_reason_display() or "",
        },
    ),
    Shredder(
        "conversation",
        Document,
        "conversation",
        ("words",),
        "Suchwörter",
        lambda row: {"Wörter": str(row.words)},
    ),
    Shredder(
        "conversation",
        Transition,
        "conversation",
        (),
        "Übergaben zwischen Bot und Servicestelle",
        lambda row: {"Zeit": _time(row.at), "vorher": row.get_before_display(), "danach": row.get_after_display()},
    ),
    Shredder(
        "conversation",
        Review,
        "message__conversation",
        ("topic",),
        "Prüfungen durch Mitarbeitende",
        lambda row: {
            "zu Nachricht": row.message.seq,
            "Zeit": _time(row.at),
            "Ergebnis": row.get_outcome_display(),
            "Thema": row.topic,
        },
    ),
    Shredder(
        "conversation",
        Suggestion,
        "message__conversation",
        ("text", "intent"),
        "Vorgeschlagene Übungsfragen, noch nicht bestätigt",
        lambda row: {"Zeit": _time(row.at), "Text": row.text, "Thema": row.intent},
    ),
    Shredder(
        "conversation",
        Note,
        "conversation",
        ("text",),
        "Notizen von Mitarbeitenden",
        lambda row: {"Zeit": _time(row.at), "Text": row.text},
    ),
    Shredder("inquiry", Inquiry, "pk", ("concern", "name", "email", "phone"), "Anliegen", _inquiry),
)


_WORD = "one of a few words of our own"
_STAFF = "about a member of staff, not about a citizen"
_CONTENT = "what the authority publishes"
#: app.Model.field: why it holds nothing of a citizen. Fields with choices need no line: they hold one of these.
HARMLESS = {
    "chat.Message.zone": _WORD,
    "chat.Verdict.zone": _WORD,
    "chat.Verdict.model": "name of the bot's model",
    "chat.Switch.comment": "what staff say to all citizens",
    "chat.Switch.by": _STAFF,
    "handoff.Transition.event": _WORD,
    "inquiries.Inquiry.reference": "letters by chance",
    "review.Tag.name": "a word of the staff's list, checked for personal data; goes with the last conversation that has it",
    "accounts.Profile.shown_as": _STAFF,
    "accounts.Change.kind": _WORD,
    "accounts.Change.subject": "an account, a setting, or the number of what was deleted",
    "accounts.Change.summary": "a sentence of ours with roles and numbers",
    "editing.Edit.file": _CONTENT,
    "editing.Edit.before": _CONTENT,
    "editing.Edit.after": _CONTENT,
    "editing.Edit.summary": _CONTENT,
    "rights.Reading.kind": _WORD,
    "rights.Reading.subject": "the number of what was read, or the filters of a list or an export; goes after 365 days",
    "rights.Period.kind": _WORD,
    "rights.Proof.kind": _WORD,
    "rights.Proof.note": "one of a few sentences of ours",
    "auth.User.username": _STAFF,
    "auth.User.first_name": _STAFF,
    "auth.User.last_name": _STAFF,
    "auth.User.email": _STAFF,
    "auth.User.password": "a hash",
    "auth.Group.name": "a role",
    "auth.Permission.name": _WORD,
    "auth.Permission.codename": _WORD,
    "contenttypes.ContentType.app_label": "a name in the code",
    "contenttypes.ContentType.model": "a name in the code",
    "sessions.Session.session_key": "letters by chance",
    "sessions.Session.session_data": "who of the staff is logged in; ends with the session",
    **{
        f"axes.{model}.{field}": "failed log-ins of staff; go after 15 minutes, and the daily job sees to it"
        for model in ("AccessAttempt", "AccessFailureLog", "AccessLog")
        for field in ("user_agent", "ip_address", "username", "http_accept", "path_info")
    },
    "axes.AccessAttempt.get_data": "always empty (`web.accounts.lock`)",
    "axes.AccessAttempt.post_data": "always empty (`web.accounts.lock`)",
    "axes.AccessLog.session_hash": "a hash",
}
