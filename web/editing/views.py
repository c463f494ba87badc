"""The pages below /team/inhalte/."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import SequenceMatcher
from typing import Any, NamedTuple, cast

from django.contrib import messages
from django.contrib.auth.models import User
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse

from content import Content, ContentError, FollowUp
from web.editing import editing, files
from web.editing.editing import Invalid, Overtaken, Refused
from web.editing.entries import KINDS, Entry, Field, entries, entry
from web.editing.filled import filled
from web.editing.forms import entered, entry_form
from web.editing.models import Edit
from web.editing.yaml import Place

#: Changes on one page of the history.
_PAGE = 50
_UNWRITABLE = (
    "Die Datei konnte nicht geschrieben werden, es ist nichts geändert. Ihre Eingaben stehen noch im Formular. "
    "Bitte versuchen Sie es später noch einmal oder wenden Sie sich an die Technik."
)


_FOLLOW_UPS: dict[FollowUp, str] = {
    "when": "Wann?",
    "who": "Wer?",
    "where": "Wo?",
    "why": "Warum?",
    "how": "Wie?",
    "more": "Mehr dazu",
    "other": "Und die andere?",
    "before": "Und vorher?",
}


class Line(NamedTuple):
    """One line of a change; `sign`: "+", "−" or "" for one that stands there before and after."""

    sign: str
    text: str


def overview(request: HttpRequest) -> HttpResponse:
    try:
        reader = files.reader()
    except ContentError as error:
        return render(request, "editing/broken.html", {"problems": error.problems})
    content = reader.current()
    kinds = [(KINDS[kind], _with_text(content, made)) for kind, made in entries(content).items()]
    context = {"kinds": kinds, "problems": reader.problems, "edits": _edits().order_by("-id")[:5]}
    return render(request, "editing/overview.html", context)


def show(request: HttpRequest, kind: str, key: str) -> HttpResponse:
    found = _entry(kind, key)
    values = editing.entry_values(found)
    return _form_page(request, found, entry_form(found, values), editing.version(values))


def change(request: HttpRequest, kind: str, key: str) -> HttpResponse:
    found = _entry(kind, key)
    opened = request.POST.get("version", "")
    form = entry_form(found, editing.entry_values(found), request.POST)
    if not form.is_valid():
        return _form_page(request, found, form, opened, status=422)
    values = entered(found, form)
    try:
        if "preview" in request.POST:
            _, content = editing.entry_draft(found, values)
            return _form_page(request, found, form, opened, preview=_preview(content, found, values))
        edit = editing.entry_save(found, opened, values, cast(User, request.user))
    except Invalid as error:
        for name, problems in error.problems.items():
            form.add_error(name or None, problems)
        return _form_page(request, found, form, opened, status=422)
    except Overtaken as error:
        theirs = [(field.label, error.values[field.place], values[field.place]) for field in found.fields]
        differing = [each for each in theirs if each[1] != each[2]]
        return _form_page(request, found, form, editing.version(error.values), status=409, differing=differing)
    except OSError:
        form.add_error(None, _UNWRITABLE)
        return _form_page(request, found, form, opened, status=503)
    if edit is None:
        messages.info(request, "Es war nichts geändert.")
    else:
        messages.success(request, "Gespeichert. Der Wohnlotse benutzt es ab jetzt.")
    return HttpResponseRedirect(reverse("editing"))


def history(request: HttpRequest) -> HttpResponse:
    before = request.GET.get("vor", "")
    edits = _edits().filter(id__lt=int(before)) if before.isdecimal() and len(before) < 19 else _edits()
    page = list(edits.order_by("-id")[: _PAGE + 1])
    older = page[_PAGE - 1].pk if len(page) > _PAGE else None
    return render(request, "editing/history.html", {"edits": page[:_PAGE], "older": older})


def show_edit(request: HttpRequest, number: int) -> HttpResponse:
    edit = _edit(number)
    blocks = list(_blocks(edit.before.splitlines(), edit.after.splitlines()))
    return render(request, "editing/edit.html", {"edit": edit, "blocks": blocks})


def undo(request: HttpRequest, number: int) -> HttpResponse:
    try:
        editing.edit_undo(_edit(number).pk, cast(User, request.user))
    except Refused as error:
        messages.error(request, str(error))
        return HttpResponseRedirect(reverse("editing_edit", args=[number]))
    except OSError:
        messages.error(request, "Die Datei konnte nicht geschrieben werden, es ist nichts geändert.")
        return HttpResponseRedirect(reverse("editing_edit", args=[number]))
    messages.success(request, "Die Änderung ist zurückgenommen.")
    return HttpResponseRedirect(reverse("editing_history"))


def _entry(kind: str, key: str) -> Entry:
    """Raises Http404, also where no content is valid: the overview says why."""
    try:
        return entry(files.reader().current(), kind, key)
    except (KeyError, ContentError):
        raise Http404 from None


def _edits() -> Any:
    return Edit.objects.select_related("by", "undone_by").defer("before", "after")


def _edit(number: int) -> Edit:
    edit = Edit.objects.select_related("by", "undoes", "undone_by").filter(pk=number).first()
    if edit is None:
        raise Http404
    return edit


def _form_page(request: HttpRequest, found: Entry, form: Any, version: str, status: int = 200, **more: Any) -> HttpResponse:
    context = {"entry": found, "kind": KINDS[found.kind], "form": form, "version": version, **_fixed(found), **more}
    return render(request, "editing/entry.html", context, status=status)


def _fixed(found: Entry) -> dict[str, Any]:
    """What a topic is tied to, which staff may read and developers change."""
    if found.kind != "thema":
        return {}
    content = files.reader().current()
    topic = content.topics[found.key]
    titled = [(_FOLLOW_UPS[word], content.topics[other].title) for word, other in topic.follow_up.items()]
    related = [content.topics[other].title for other in topic.related]
    return {"topic": topic, "source": content.sources[topic.source].title, "related": related, "follow_up": titled}


def _preview(content: Content, found: Entry, values: dict[Place, Any]) -> list[tuple[Field, str]]:
    if found.kind == "kontakt":
        field = next(each for each in found.fields if each.input == "opening")
        return [(field, content.contacts.hours or "nicht bekannt")]
    texts = (field for field in found.fields if field.register is not None)
    return [(field, filled(content, found, values[field.place], field.register or "standard")) for field in texts]


def _with_text(content: Content, found: list[Entry]) -> list[tuple[Entry, str]]:
    return [(each, _in_short(content, each)) for each in found]


def _in_short(content: Content, found: Entry) -> str:
    """What stands beside an entry in the overview."""
    if found.kind == "kontakt":
        return f"{content.contacts.address}. Geöffnet: {content.contacts.hours or 'nicht bekannt'}"
    if found.kind == "quelle":
        return f"zuletzt verglichen am {content.sources[found.key].date:%d.%m.%Y}"
    if found.kind == "beteiligte":
        return next(each for each in content.participants if each.id == found.key).answers.standard
    if found.kind == "thema":
        return content.topics[found.key].answers.standard
    if found.kind == "textbaustein":
        return next(each for each in content.phrases if each.id == found.key).text.standard
    return (content.replies if found.kind == "antwort" else content.declines)[found.key].standard


def _blocks(before: list[str], after: list[str]) -> Iterator[list[Line]]:
    """The places that changed, with two lines around each."""
    for group in SequenceMatcher(None, before, after, autojunk=False).get_grouped_opcodes(2):
        block = []
        for tag, old, old_end, new, new_end in group:
            if tag == "equal":
                block += [Line("", line) for line in before[old:old_end]]
            else:
                block += [Line("−", line) for line in before[old:old_end]]
                block += [Line("+", line) for line in after[new:new_end]]
        yield block
