"""The one shape of every error: {"error": {"code", "message", ...}}, the message being a sentence for the citizen."""

from __future__ import annotations

from typing import Any

from django.http import JsonResponse

from content import ContentError, Register
from web.chat import facts

#: code: (HTTP status, German, English)
_ERRORS = {
    "invalid": (400, "Die Anfrage ist nicht in Ordnung.", "The request is not valid."),
    "unauthorized": (
        401,
        "Diese Unterhaltung kann nicht fortgesetzt werden. Bitte beginnen Sie eine neue.",
        "This conversation cannot be continued. Please start a new one.",
    ),
    "forbidden": (403, "Von dieser Seite aus ist der Chat nicht erlaubt.", "The chat may not be used from this page."),
    "not_found": (404, "Das gibt es hier nicht.", "There is nothing here."),
    "method_not_allowed": (405, "Das geht hier nicht.", "This is not possible here."),
    "deleted": (
        410,
        "Diese Unterhaltung wurde gelöscht. Sie können eine neue beginnen.",
        "This conversation was deleted. You can start a new one.",
    ),
    "too_large": (413, "Die Anfrage ist zu groß.", "The request is too large."),
    "unsupported_type": (415, "Die Anfrage muss JSON sein.", "The request must be JSON."),
    "empty": (
        422,
        "Ihre Nachricht ist leer. Bitte schreiben Sie Ihre Frage in das Feld.",
        "Your message is empty. Please write your question into the field.",
    ),
    "too_long": (
        422,
        "Ihre Nachricht ist zu lang. Bitte kürzen Sie sie auf höchstens {limit} Zeichen.",
        "Your message is too long. Please shorten it to {limit} characters or fewer.",
    ),
    "personal_data": (
        422,
        "In Ihrer Nachricht stehen wohl persönliche Angaben. Sie wurde noch nicht gesendet.",
        "Your message seems to contain personal data. It has not been sent yet.",
    ),
    "too_many": (
        429,
        "Das waren viele Nachrichten in kurzer Zeit. Bitte warten Sie einen Moment.",
        "That was a lot of messages in a short time. Please wait a moment.",
    ),
    "busy": (
        503,
        "Gerade stellen viele Menschen Fragen. Ihre Nachricht wird gleich noch einmal gesendet.",
        "Many people are asking questions right now. Your message will be sent again in a moment.",
    ),
    "switched_off": (
        503,
        "Der Chat ist zurzeit abgeschaltet. {comment} {contact}",
        "The chat is switched off at present. {comment} {contact}",
    ),
    "unavailable": (
        503,
        "Der Chat ist gerade gestört. Wir versuchen es weiter. {contact}",
        "The chat is disturbed right now. We keep trying. {contact}",
    ),
}
#: Seconds after which it is worth trying again.
_RETRY_AFTER = {"too_many": 10, "busy": 5, "unavailable": 3, "switched_off": 60}


class ChatError(Exception):
    """An error that the client is told; `more` are further fields of the body, `fill` goes into the sentence."""

    def __init__(self, code: str, more: dict[str, Any] | None = None, **fill: object) -> None:
        super().__init__(code)
        self.code = code
        self.more = more or {}
        self.fill = fill

    def response(self, register: Register) -> JsonResponse:
        status, german, english = _ERRORS[self.code]
        contact = _contact(register) if "{contact}" in german else ""
        message = (english if register == "en" else german).format(contact=contact, **self.fill).strip()
        headers = {"Cache-Control": "no-store"}
        if self.code in _RETRY_AFTER:
            headers["Retry-After"] = str(_RETRY_AFTER[self.code])
        body = {"error": {"code": self.code, "message": message, **self.more}}
        return JsonResponse(body, status=status, headers=headers, json_dumps_params={"ensure_ascii": False})


def _contact(register: Register) -> str:
    """How else the Servicestelle is reached; empty where there has never been a valid content."""
    try:
        ways = facts.content().contacts.placeholders(register)["contact"]
    except ContentError:
        return ""
    way = (
        "You can also reach the Servicestelle Wohnen" if register == "en" else "Die Servicestelle Wohnen erreichen Sie auch so"
    )
    return f"{way}: {ways}."
