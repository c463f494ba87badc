"""One citizen's message after the other: what the bot understood, and what a person says about it."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import Any, cast

from django.contrib import messages as notices
from django.contrib.auth.models import User
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse

from content import Content
from web.chat import facts
from web.chat.models import Author, Message
from web.review.intents import choices, intent_title, is_outside
from web.review.judging import AlreadyReviewed, Judged, last_batch, review_add, review_undo, review_withdraw
from web.review.models import Outcome, Review
from web.review.queue import ZONES, Filters, context_of, next_message, reviewed_today, to_review
from web.review.refusal import Refused
from web.review.similar import similar_messages
from web.review.suggestions import drafts, new_topics
from web.rights.reading import reading_add

#: Of the ranking, as many as there are digit keys for them.
_OFFERED = 5


@dataclass(frozen=True)
class Guess:
    """One of the bot's guesses; `share`: its confidence in percent."""

    intent: str
    title: str
    share: float


def show_next(request: HttpRequest) -> HttpResponse:
    filters = Filters.read(request.GET.dict())
    skipped = _skipped(request)
    message = next_message(filters, skipped)
    if message is None:
        return render(request, "review/nothing.html", {**_frame(request, filters), "skipped": skipped is not None})
    return _page(request, message, filters)


def show(request: HttpRequest, message_id: int) -> HttpResponse:
    return _page(request, _message(message_id), Filters.read(request.GET.dict()))


def judge(request: HttpRequest, message_id: int) -> HttpResponse:
    """The judgement of the form; then the next message."""
    filters = Filters.read(request.GET.dict())
    try:
        outcome, topic = _read_judgement(request)
        judged = review_add(
            message_id,
            outcome,
            cast(User, request.user),
            topic=topic,
            similar=[int(each) for each in request.POST.getlist("similar") if each.isdecimal() and len(each) < 19],
            as_example="as_example" in request.POST,
        )
    except AlreadyReviewed as refused:
        notices.warning(request, refused.message)
    except Refused as refused:
        return _page(request, _message(message_id), filters, refused)
    else:
        notices.success(request, _said(judged, facts.content()))
    return HttpResponseRedirect(_address("review", request, filters))


def undo(request: HttpRequest) -> HttpResponse:
    """Takes back what one judged last, which the form names, and shows it again."""
    filters = Filters.read(request.GET.dict())
    try:
        taken_back = review_undo(cast(User, request.user), _batch(request))
    except Refused as refused:
        notices.warning(request, refused.message)
        return HttpResponseRedirect(_address("review", request, filters))
    notices.success(
        request, _counted(len(taken_back), "Das Urteil ist", "Die Urteile über {} Nachrichten sind") + " zurückgenommen."
    )
    return HttpResponseRedirect(_address("review_message", request, filters, taken_back[0].pk))


def withdraw(request: HttpRequest, message_id: int) -> HttpResponse:
    """The message is to be judged anew, whoever judged it."""
    filters = Filters.read(request.GET.dict())
    try:
        review_withdraw(message_id)
    except Refused as refused:
        notices.warning(request, refused.message)
    return HttpResponseRedirect(_address("review_message", request, filters, message_id))


def _batch(request: HttpRequest) -> uuid.UUID:
    """What the page showed as judged last. Raises Refused."""
    try:
        return uuid.UUID(request.POST.get("batch", ""))
    except ValueError:
        raise Refused("Das hat nicht geklappt. Bitte versuchen Sie es noch einmal.") from None


def _read_judgement(request: HttpRequest) -> tuple[Outcome, str]:
    """What the pressed button says; Enter in a field (`typed`) means what was filled in. Raises Refused."""
    pressed = request.POST.get("outcome", "")
    if "guess" in request.POST:
        return Outcome.CORRECTED, request.POST["guess"]
    if pressed == "typed":
        pressed = Outcome.NEW_TOPIC if request.POST.get("title", "").strip() else Outcome.CORRECTED
    if pressed not in Outcome.values:
        raise Refused("Bitte wählen Sie eine der Möglichkeiten.")
    field = {Outcome.CORRECTED: "topic", Outcome.NEW_TOPIC: "title", Outcome.OUT_OF_SCOPE: "reason"}.get(Outcome(pressed), "")
    return Outcome(pressed), request.POST.get(field, "")


def _page(request: HttpRequest, message: Message, filters: Filters, refused: Refused | None = None) -> HttpResponse:
    similar = similar_messages(message)
    for conversation_id in {each.conversation_id for each in (message, *similar)}:
        reading_add(cast(User, request.user), "conversation", str(conversation_id))
    content = facts.content()
    verdict = getattr(message, "verdict", None)
    guesses = [
        Guess(each["name"], intent_title(each["name"], content), 100 * each["confidence"])
        for each in (verdict.ranking if verdict else [])
    ]
    outside = [choice for choice in choices(content).values() if is_outside(choice.intent)]
    likely = next((guess.intent for guess in guesses if is_outside(guess.intent)), "oos_general")
    posted = request.POST if refused else {}
    found = {
        **_frame(request, filters),
        "message": message,
        "review": Review.objects.filter(message=message).first(),
        "zone": ZONES.get(verdict.zone, verdict.zone) if verdict else "",
        "around": context_of(message),
        "guesses": guesses[:_OFFERED],
        "choices": [choice for choice in choices(content).values() if not is_outside(choice.intent)],
        "outside": outside,
        "new_topics": new_topics(),
        "topic": posted.get("topic", ""),
        "title": posted.get("title", ""),
        "reason": posted.get("reason", likely),
        "ticked": [int(each) for each in request.POST.getlist("similar") if each.isdecimal()],
        "similar": [(each, intent_title(each.verdict.intent, content)) for each in similar],
        "refused": refused,
    }
    if review := found["review"]:
        found["review_topic"] = intent_title(review.topic, content) if review.topic else ""
    return render(request, "review/message.html", found, status=422 if refused else 200)


def _frame(request: HttpRequest, filters: Filters) -> dict[str, Any]:
    """What stands around a message: progress, filters, what can be taken back."""
    content = facts.content()
    last = last_batch(cast(User, request.user))
    profile = getattr(request.user, "profile", None)
    return {
        "filters": filters,
        "query": _query(request, filters),
        "zones": ZONES,
        "remaining": to_review(filters).count(),
        "today": reviewed_today(),
        "drafts": drafts().count() if request.user.has_perm("accounts.suggest") else 0,
        "last": last[0] if last else None,
        "last_topic": intent_title(last[0].topic, content) if last and last[0].topic else "",
        "last_others": len(last) - 1,
        "shortcuts": profile.shortcuts if profile else True,
    }


def _message(message_id: int) -> Message:
    found = Message.objects.filter(pk=message_id, author=Author.CITIZEN).select_related("verdict", "conversation").first()
    if found is None:
        raise Http404
    return found


def _address(name: str, request: HttpRequest, filters: Filters, *arguments: int) -> str:
    query = _query(request, filters)
    return reverse(name, args=arguments) + (f"?{query}" if query else "")


def _query(request: HttpRequest, filters: Filters) -> str:
    """Of the next address: the filters, and what was skipped, which a judgement does not bring back."""
    skipped = _skipped(request)
    return "&".join(filter(None, [filters.query, f"after={skipped}" if skipped is not None else ""]))


def _skipped(request: HttpRequest) -> int | None:
    """The message that was skipped last: those that follow it come next."""
    number = request.GET.get("after", "")
    return int(number) if number.isdecimal() and len(number) < 19 else None


def _said(judged: Judged, content: Content) -> str:
    review = judged.reviews[0]
    topic = f", „{intent_title(review.topic, content)}“" if review.topic else ""
    others = _counted(len(judged.reviews) - 1, " Auch für 1 ähnliche Nachricht.", " Auch für {} ähnliche Nachrichten.")
    skipped = _counted(judged.skipped, " 1 hatte schon jemand geprüft.", " {} hatte schon jemand geprüft.")
    return f"Gespeichert: {review.get_outcome_display()}{topic}.{others}{skipped}"


def _counted(number: int, one: str, many: str) -> str:
    return "" if number == 0 else one if number == 1 else many.format(number)
