"""What citizens asked and the bot could not answer, in groups, each of which may become a topic."""

from __future__ import annotations

import datetime
import functools
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from web.chat.models import Author, Message, Verdict
from web.gaps.clusters import clusters
from web.review.judging import Judged, review_add
from web.review.models import Outcome
from web.review.refusal import Refused

#: The newest questions that are looked at; more would take seconds.
LATEST = 5000
#: What no answer would help.
_NO_QUESTION = ("oos_injection", "oos_nonsense")


@dataclass(frozen=True)
class Question:
    """A citizen's message; `outcome`: how a person judged it, "" where nobody has."""

    id: int
    text: str
    at: datetime.datetime
    outcome: str
    topic: str


@dataclass(frozen=True)
class Gap:
    """A group of questions, the most typical one first. `earlier`, `later`: how many in each half of the period."""

    questions: tuple[Question, ...]
    earlier: int
    later: int

    @property
    def size(self) -> int:
        return len(self.questions)

    @property
    def title(self) -> str:
        """A proposal: the most typical question, as long as a title may be."""
        text = " ".join(self.questions[0].text.split())
        return text if len(text) <= 80 else text[:79].rsplit(" ", 1)[0] + "…"

    @property
    def examples(self) -> list[Question]:
        """Different wordings, the most typical first."""
        wordings: dict[str, Question] = {}
        for each in self.questions:
            wordings.setdefault(" ".join(each.text.casefold().split()), each)
        return list(wordings.values())

    @property
    def open(self) -> list[Question]:
        """Those that nobody has judged."""
        return [each for each in self.questions if not each.outcome]

    @property
    def proposed(self) -> list[str]:
        """The new topics for which some of them are put down."""
        return sorted({each.topic for each in self.questions if each.outcome == Outcome.NEW_TOPIC})

    @property
    def trend(self) -> str:
        """In words for staff."""
        if self.later >= 2 * self.earlier:
            return "wird mehr"
        return "wird weniger" if self.earlier >= 2 * self.later else "gleichbleibend"


def unanswered(days: int) -> list[Question]:
    """The latest first: declined and not judged otherwise, or judged to be beyond what the bot knows."""
    since = timezone.now() - datetime.timedelta(days=days)
    declined = Q(verdict__zone="decline") & ~Q(verdict__intent__in=_NO_QUESTION)
    beyond = Q(review__outcome__in=(Outcome.NEW_TOPIC, Outcome.OUT_OF_SCOPE)) & ~Q(review__topic__in=_NO_QUESTION)
    rightly = Q(review__outcome=Outcome.ACCEPTED, review__topic__startswith="oos_")
    rows = (
        Message.objects.filter(author=Author.CITIZEN, at__gte=since, verdict__isnull=False)
        .filter(beyond | (declined & (Q(review__isnull=True) | rightly)))
        .order_by("-pk")
        .values_list("pk", "text", "at", "review__outcome", "review__topic")[:LATEST]
    )
    return [Question(pk, text, at, outcome or "", topic or "") for pk, text, at, outcome, topic in rows]


def gaps(questions: Sequence[Question], days: int) -> list[Gap]:
    """Groups of `questions`, those of the last `days` days, the largest first."""
    middle = timezone.now() - datetime.timedelta(days=days) / 2
    found = []
    for members in _groups(tuple(each.id for each in questions)):
        group = tuple(questions[each] for each in members)
        later = sum(each.at >= middle for each in group)
        found.append(Gap(group, earlier=len(group) - later, later=later))
    return found


@transaction.atomic
def topic_propose(message_ids: list[int], title: str, by: User) -> Judged:
    """Judges what nobody has judged of these questions as a new topic called `title`: each becomes a draft for it.

    It is one judgement: taken back in the review, all of it is. Raises Refused.
    """
    free = Message.objects.filter(pk__in=message_ids, author=Author.CITIZEN, review__isnull=True)
    ids = list(free.order_by("pk").values_list("pk", flat=True))
    if not ids:
        raise Refused("Diese Fragen sind inzwischen alle geprüft.")
    return review_add(ids[0], Outcome.NEW_TOPIC, by, topic=title, similar=ids[1:])


@functools.lru_cache(maxsize=8)
def _groups(ids: tuple[int, ...]) -> tuple[tuple[int, ...], ...]:
    """Groups of these messages, as places in `ids`. The same messages give the same groups, so they are kept."""
    vectors = dict(Verdict.objects.filter(message__in=ids).values_list("message_id", "vector"))
    known = [place for place, each in enumerate(ids) if each in vectors]  # one may have been deleted just now
    if not known:
        return ()
    matrix = np.array([vectors[ids[place]] for place in known], dtype=np.float32)
    return tuple(tuple(known[each] for each in group) for group in clusters(matrix))
