"""A person's judgement of what the bot understood, and how it is taken back."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from dataclasses import dataclass

from django.contrib.auth.models import User
from django.db import transaction

from web.chat import facts
from web.chat.models import Author, Message, Verdict
from web.review.intents import choices, is_outside
from web.review.models import Outcome, Review, Suggestion
from web.review.refusal import Refused
from web.review.suggestions import as_read, suggestion_make, title_check

#: Judged together at most; more than a page shows, and a transaction of bounded work.
LARGEST_BATCH = 500


class AlreadyReviewed(Refused):
    """Somebody was faster."""


@dataclass(frozen=True)
class Judged:
    """`reviews`: of the message itself first. `skipped`: how many others somebody has judged meanwhile, or that are gone."""

    reviews: list[Review]
    skipped: int


@transaction.atomic
def review_add(
    message_id: int,
    outcome: Outcome,
    by: User,
    *,
    topic: str = "",
    similar: Collection[int] = (),
    as_example: bool = False,
) -> Judged:
    """Judges a citizen's message, and those of `similar` in the same way.

    `topic`: the right intent for CORRECTED, the reason for OUT_OF_SCOPE (an out-of-scope intent), the title for NEW_TOPIC.
    For CORRECTED and ACCEPTED each message is compared with its own verdict: understood rightly, it is accepted.
    Corrections become suggestions; accepted ones do with `as_example`. Raises Refused, AlreadyReviewed.
    """
    others = [each for each in dict.fromkeys(similar) if each != message_id][: LARGEST_BATCH - 1]
    messages = _locked([message_id, *others])
    if message_id not in messages:
        raise Refused("Die Nachricht gibt es nicht mehr, das Gespräch wurde gelöscht.")
    first = messages.pop(message_id)
    reviewed = {review.message_id: review for review in Review.objects.filter(message__in=[message_id, *messages])}
    if message_id in reviewed:
        raise AlreadyReviewed(f"Das hat inzwischen jemand geprüft: {reviewed[message_id].get_outcome_display()}.")
    if outcome == Outcome.ACCEPTED:
        topic = _verdict(first).intent
    topic = _checked(outcome, topic)
    batch = uuid.uuid4()
    rest = [message for pk, message in sorted(messages.items()) if pk not in reviewed]
    reviews = [_review(message, outcome, topic, by, batch, as_example) for message in [first, *rest]]
    return Judged(reviews, skipped=len(others) - len(rest))


@transaction.atomic
def review_undo(by: User, batch: uuid.UUID) -> list[Message]:
    """Takes back `batch`, which `by` judged last: the reviews and their drafts. The messages, the one that was shown first.

    What was confirmed in the meantime stays a suggestion. Raises Refused where `by` has judged something else since, or
    where there is nothing to take back.
    """
    newest = _newest(by)
    if newest is not None and newest.batch != batch:
        raise Refused("Zuletzt haben Sie inzwischen etwas anderes geprüft. Sie sehen es jetzt hier.")
    judged = Review.objects.select_for_update(of=("self",)).filter(by=by, batch=batch)
    reviews = list(judged.select_related("message").order_by("pk"))
    if not reviews:
        raise Refused("Es gibt nichts mehr zurückzunehmen.")
    Suggestion.objects.filter(message__in=[review.message_id for review in reviews]).delete()
    Review.objects.filter(pk__in=[review.pk for review in reviews]).delete()
    return [review.message for review in reviews]


@transaction.atomic
def review_withdraw(message_id: int) -> list[Message]:
    """Takes back the judgement of one message, whoever made it; what was judged with it stays. Raises Refused."""
    review = Review.objects.select_for_update().filter(message=message_id).first()
    if review is None:
        raise Refused("Diese Nachricht ist nicht geprüft.")
    Suggestion.objects.filter(message=message_id).delete()
    review.delete()
    return [review.message]


def last_batch(by: User) -> list[Review]:
    """What `review_undo` would take back."""
    newest = _newest(by)
    if newest is None:
        return []
    return list(Review.objects.filter(batch=newest.batch).select_related("message").order_by("pk"))


def _newest(by: User) -> Review | None:
    return Review.objects.filter(by=by).order_by("-at", "-pk").first()


def _locked(ids: Collection[int]) -> dict[int, Message]:
    """Citizens' messages by their ids, kept from being deleted or judged by others until the transaction ends.

    In the order of the ids, so that two people's batches never wait for each other.
    """
    messages = Message.objects.select_for_update(of=("self",), no_key=True).filter(pk__in=ids, author=Author.CITIZEN)
    return {message.pk: message for message in messages.order_by("pk")}


def _verdict(message: Message) -> Verdict:
    verdict = Verdict.objects.filter(message=message).first()
    if verdict is None:
        raise Refused("Diese Nachricht hat der Bot nicht gelesen. Bitte wählen Sie ein Thema.")
    return verdict


def _checked(outcome: Outcome, topic: str) -> str:
    """`topic` as it is kept. Raises Refused for what there is not."""
    topic = as_read(topic)
    known = choices(facts.content())
    if outcome == Outcome.CORRECTED and topic not in known:
        raise Refused("Bitte wählen Sie ein Thema aus der Liste.", "topic")
    if outcome == Outcome.OUT_OF_SCOPE and (topic not in known or not is_outside(topic)):
        raise Refused("Bitte wählen Sie aus, warum die Frage nicht hierher gehört.", "reason")
    if outcome == Outcome.NEW_TOPIC:
        title_check(topic)
    return "" if outcome == Outcome.IGNORED else topic


def _review(message: Message, outcome: Outcome, topic: str, by: User, batch: uuid.UUID, as_example: bool) -> Review:
    if outcome in (Outcome.ACCEPTED, Outcome.CORRECTED):
        understood = Verdict.objects.filter(message=message, intent=topic).exists()
        outcome = Outcome.ACCEPTED if understood else Outcome.CORRECTED
    review = Review.objects.create(message=message, outcome=outcome, topic=topic, by=by, batch=batch)
    if outcome in (Outcome.CORRECTED, Outcome.NEW_TOPIC, Outcome.OUT_OF_SCOPE) or (outcome == Outcome.ACCEPTED and as_example):
        suggestion_make(message, topic, outcome == Outcome.NEW_TOPIC, by)
    return review
