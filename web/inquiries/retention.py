"""How long an inquiry is kept: a period after it is done. What is not done is kept twice as long after it came or was opened
again, so that nothing is lost in a long absence, and nothing stays for ever either."""

from __future__ import annotations

import datetime

from django.db.models import Q, QuerySet
from django.utils import timezone

from web.inquiries.models import Inquiry


def inquiries_expired(before: datetime.datetime) -> QuerySet[Inquiry]:
    """Those to be deleted. `before`: now less the period."""
    period = timezone.now() - before
    return Inquiry.objects.filter(Q(done_at__lt=before) | Q(done_at__isnull=True, open_since__lt=before - period))


def deletion_day(inquiry: Inquiry, days: int) -> datetime.date:
    """The first day on which it is deleted. `days`: the period."""
    kept = (inquiry.done_at, days) if inquiry.done_at else (inquiry.open_since, 2 * days)
    return timezone.localdate(kept[0] + datetime.timedelta(days=kept[1]))
