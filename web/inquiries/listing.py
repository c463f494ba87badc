"""The list of inquiries: what can be told without reading them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Count, Exists, OuterRef, Q

from web.inquiries.models import Inquiry, Progress
from web.rights.models import Reading

_PER_PAGE = 50


@dataclass(frozen=True)
class Filter:
    """`value`: of the parameter `stand`; empty: all."""

    value: str
    title: str
    count: int


def inquiries_page(progress: str, number: str | None) -> Page[Any]:
    """The inquiries of a progress (empty: all), each with `is_read`: whether anybody has opened it. Those that wait come
    first in the order in which they came, those that are done after them, the latest first."""
    read = Reading.objects.filter(kind="inquiry", subject=OuterRef("reference"))
    listed = Inquiry.objects.annotate(is_read=Exists(read)).select_related("by").order_by("-done_at", "at", "id")
    return Paginator(listed.filter(progress=progress) if progress else listed, _PER_PAGE).get_page(number)


def filters() -> list[Filter]:
    """What the list can be narrowed to, and how many there are of each."""
    counts = Inquiry.objects.aggregate(
        **{progress.value: Count("pk", filter=Q(progress=progress)) for progress in Progress}, all=Count("pk")
    )
    by_progress = [Filter(each.value, str(each.label), counts[each.value]) for each in Progress]
    return [*by_progress, Filter("", "alle", counts["all"])]
