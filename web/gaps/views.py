"""What is missing: unanswered questions in groups, old sources, topics that nobody asks for."""

from __future__ import annotations

from typing import cast

from django.contrib import messages as notices
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse

from web.chat import facts
from web.gaps.knowledge import STALE_DAYS, stale_sources, topics_never_asked
from web.gaps.questions import gaps, topic_propose, unanswered
from web.review.refusal import Refused
from web.rights.reading import reading_add

_PERIODS = (30, 90)
#: Groups on the page, and wordings of each that are seen at once.
_GROUPS = 30
_EXAMPLES = 5


def show(request: HttpRequest) -> HttpResponse:
    """The gaps. That the questions in them were read is recorded."""
    reading_add(cast(User, request.user), "list", f"Lücken: {_days(request)} Tage")
    return _page(request)


def propose(request: HttpRequest) -> HttpResponse:
    """A group's questions become suggestions for a new topic."""
    ids = [int(each) for each in request.POST.getlist("message") if each.isdecimal() and len(each) < 19]
    try:
        judged = topic_propose(ids, request.POST.get("title", ""), cast(User, request.user))
    except Refused as refused:
        if refused.field:
            return _page(request, refused, ids)
        notices.warning(request, refused.message)
    else:
        title, number = judged.reviews[0].topic, len(judged.reviews)
        questions = "1 Frage ist" if number == 1 else f"{number} Fragen sind"
        notices.success(request, f"{questions} für das neue Thema „{title}“ vorgemerkt.")
    return HttpResponseRedirect(f"{reverse('gaps')}?days={_days(request)}")


def _page(request: HttpRequest, refused: Refused | None = None, refused_ids: list[int] | None = None) -> HttpResponse:
    content = facts.content()
    days = _days(request)
    questions = unanswered(days)
    found = gaps(questions, days)
    context = {
        "days": days,
        "periods": _PERIODS,
        "unanswered": len(questions),
        "gaps": found[:_GROUPS],
        "more": max(0, len(found) - _GROUPS),
        "first": f":{_EXAMPLES}",
        "further": f"{_EXAMPLES}:",
        "stale": stale_sources(content),
        "stale_days": STALE_DAYS,
        "sources": content.sources.values(),
        "never": topics_never_asked(content, days),
        "refused": refused,
        "refused_ids": refused_ids or [],
        "title": request.POST.get("title", ""),
    }
    return render(request, "gaps/gaps.html", context, status=422 if refused else 200)


def _days(request: HttpRequest) -> int:
    asked = request.GET.get("days", "")
    return int(asked) if asked in [str(each) for each in _PERIODS] else _PERIODS[0]
