"""The pages. They work without JavaScript and without cookies, and store nothing."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.db import DatabaseError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe
from psycopg_pool import PoolTimeout

from content import REGISTERS, Content, Register
from web.chat import facts, switch
from web.chat.bot import ask_once
from web.chat.database import query
from web.chat.limits import AddressLimit, address_of
from web.chat.origin import is_allowed
from web.chat.text import visible
from web.pages.answers import groups, names, passage
from web.privacy import LABELS, find, redact
from web.rights.periods import KINDS, days

#: Passages that an address may ask for at once.
_MOST_PASSAGES = 5

_LANGUAGES: dict[Register, str] = {"standard": "Standard", "einfach": "Einfache Sprache", "en": "English"}
_MENU = {"start": "Die Allianz", "questions": "Fragen und Antworten"}

_limit = AddressLimit(settings.WOHNLOTSE.address_per_minute)


@require_safe
async def start(request: HttpRequest) -> HttpResponse:
    """About the alliance."""
    content = facts.content()
    listed = [each for each in content.participants if each.status == "listed" and each.id != "lead_ministry"]
    return page(request, "start", passages=_passages(content), listed=listed)


@require_safe
async def questions(request: HttpRequest) -> HttpResponse:
    """All questions and answers."""
    return page(request, "questions", groups=groups(facts.content(), register_of(request.GET.get("sprache"))))


@require_safe
async def question(request: HttpRequest, topic_id: str) -> HttpResponse:
    """One question and its answer."""
    content = facts.content()
    if topic_id not in content.topics:
        raise Http404
    return page(request, "question", passage=passage(topic_id, content, register_of(request.GET.get("sprache"))))


@require_safe
async def answer(request: HttpRequest) -> HttpResponse:
    """What the bot said to a question: passages by their ids (`thema`), or topics to choose from (`angebot`)."""
    content = facts.content()
    register = register_of(request.GET.get("sprache"))
    said = [passage(name, content, register) for name in request.GET.getlist("thema")[:_MOST_PASSAGES]]
    offered = [passage(name, content, register) for name in request.GET.getlist("angebot")[:_MOST_PASSAGES]]
    passages = [each for each in said if each]
    offers = [each for each in offered if each and each.id]
    if not passages and not offers:
        passages = [each for each in [passage("unknown", content, register)] if each]
    return page(request, "answer", passages=passages, offers=offers, clarify=content.reply("clarify", register))


@require_POST
async def ask(request: HttpRequest) -> HttpResponse:
    """Puts the question of the form to the bot once. The address of the answer holds ids, never the question."""
    content = facts.content()
    register = register_of(request.POST.get("sprache"))
    text = visible(request.POST.get("frage", ""))
    surplus = len(text) - settings.WOHNLOTSE.characters
    if not is_allowed(request):
        return _form(request, register, text, "foreign", 403)
    if not _limit.takes(address_of(request)):
        return _form(request, register, text, "too_many", 429)
    if not text:
        return _form(request, register, text, "empty", 422)
    if surplus > 0:
        return _form(request, register, text, "too_long", 422, surplus=surplus)
    findings = find(text, content)
    if findings:
        labels = list(dict.fromkeys(LABELS[finding.kind][register] for finding in findings))
        return _form(request, register, redact(text, findings), "personal_data", 422, labels=labels)
    reply = await ask_once(text, register) if await _is_on() else None
    if reply is None:
        return _to_answer(["unavailable"], [], register)
    # Another language than German is answered in English.
    return _to_answer(*names(reply, content), reply.replies[0].register)


@require_safe
async def privacy(request: HttpRequest) -> HttpResponse:
    """What is stored, and for how long."""
    return page(request, "privacy", days=await _periods())


@require_safe
async def accessibility(request: HttpRequest) -> HttpResponse:
    """The declaration of accessibility, § 14 HessBGG with § 4 HVBIT."""
    return page(request, "accessibility")


async def _periods() -> dict[str, int]:
    """Days by kind of record; none where nobody can tell now."""
    try:
        return {kind: await query(days, kind) for kind in KINDS}
    except (DatabaseError, PoolTimeout):
        return {}


def page(request: HttpRequest, name: str, status: int = 200, register: Register | None = None, **more: Any) -> HttpResponse:
    """The template `name` with what all pages show, and `more`."""
    content = facts.content()
    register = register or register_of(request.GET.get("sprache"))
    context = {
        "name": name,
        "menu": _MENU.items(),
        "register": register,
        "language": "en" if register == "en" else "de",
        "languages": _LANGUAGES.items(),
        "contacts": content.contacts,
        "page_source": content.sources["page"],
        "settings": settings.WOHNLOTSE,
        **more,
    }
    return render(request, f"pages/{name}.html", context, status=status)


async def _is_on() -> bool:
    """The position of the kill switch; off where nobody can tell."""
    try:
        return (await query(switch.current)).on
    except DatabaseError:
        return False


def _form(request: HttpRequest, register: Register, text: str, error: str, status: int, **more: Any) -> HttpResponse:
    return page(request, "ask", status, register, text=text, error=error, **more)


def _to_answer(said: list[str], offered: list[str], register: Register) -> HttpResponse:
    parts = [("thema", each) for each in said] + [("angebot", each) for each in offered]
    address = urlencode([*parts, *([] if register == "standard" else [("sprache", register)])])
    return HttpResponseRedirect(f"{reverse('answer')}?{address}", status=303)


def _passages(content: Content) -> dict[str, Any]:
    return {name: passage(name, content, "standard") for name in content.topics}


def register_of(value: str | None) -> Register:
    """The register that `sprache` names; any other value is standard."""
    return next((register for register in REGISTERS if register == value), "standard")
