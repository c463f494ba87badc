"""Messages that say nearly the same, by their sentence vectors."""

from __future__ import annotations

from pgvector.django import CosineDistance

from web.chat.models import Message
from web.review.queue import to_review

#: Cosine distance between unit vectors up to which two questions are shown as similar. Of such pairs among the test
#: questions, half have the same intent (at 0.3 it is 72 %, but most questions have none then): a person chooses.
NEAR = 0.35
SHOWN = 14


def similar_messages(message: Message) -> list[Message]:
    """What nobody has judged and comes next to `message`, nearest first; none where the message has no vector."""
    verdict = getattr(message, "verdict", None)
    if verdict is None:
        return []
    return list(
        to_review()
        .exclude(pk=message.pk)
        .annotate(distance=CosineDistance("verdict__vector", verdict.vector))
        .filter(distance__lte=NEAR)
        .select_related("verdict")
        .defer("verdict__vector")
        .order_by("distance", "-pk")[:SHOWN]
    )
