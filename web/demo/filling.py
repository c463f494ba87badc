"""Stores made-up conversations and the members of staff of the demonstration."""

from __future__ import annotations

import datetime
import secrets
import uuid
from collections.abc import Sequence
from typing import TypeVar

from django.contrib.auth.models import Group, User
from django.db import connection, transaction
from django.db.models import Model

from web.accounts.models import Profile
from web.chat.models import Conversation, Feedback, Message, Verdict
from web.demo.conversations import Concern, Plan
from web.demo.people import Member
from web.handoff.models import Transition
from web.inquiries.inquiries import inquiry_leave
from web.inquiries.models import Inquiry, Progress
from web.review.models import Review, Suggestion
from web.rights.models import Period
from web.rights.periods import period_set

M = TypeVar("M", bound=Model)
_BATCH = 500


def member_make(member: Member) -> tuple[User, str]:
    """The member of staff with a new password, which is returned; made where there is none yet."""
    user, _ = User.objects.get_or_create(username=member.username)
    user.first_name, user.last_name, user.is_active = member.first_name, member.last_name, True
    password = secrets.token_urlsafe(12)
    user.set_password(password)
    user.save()
    user.groups.set([Group.objects.get(name=member.role)])
    Profile.objects.update_or_create(user=user, defaults={"shown_as": member.shown_as})
    return user, password


def are_all_among(made: Sequence[uuid.UUID]) -> bool:
    """Whether the database holds no other conversations than those `made` up."""
    return not Conversation.objects.exclude(id__in=made).exists()


def period_make(number: int) -> None:
    """Keeps conversations for `number` days, unless staff have chosen a period."""
    if not Period.objects.filter(kind="conversation").exists():
        period_set("conversation", number)


@transaction.atomic
def plan_store(plan: Plan, staff: User) -> None:
    """Stores `plan`; what is left of an earlier time is replaced. `staff` has dealt with what is done."""
    Suggestion.objects.filter(message__conversation_id__in=_ids(plan)).delete()
    Inquiry.objects.filter(conversation_id__in=_ids(plan)).delete()
    Conversation.objects.filter(id__in=_ids(plan)).delete()
    _store(Conversation, "opened_at", plan.conversations)
    _store(Message, "at", plan.messages)
    ends = {message.conversation_id: at for message, at in plan.messages}
    _date(Conversation, "active_at", list(ends), list(ends.values()))
    Verdict.objects.bulk_create(plan.verdicts, batch_size=_BATCH)
    _store(Feedback, "at", plan.feedback)
    _store(Transition, "at", plan.transitions)
    _store(Review, "at", plan.reviews)
    _store(Suggestion, "at", plan.suggestions)
    for concern, at in plan.concerns:
        _leave_word(concern, at, staff)


def _ids(plan: Plan) -> list[uuid.UUID]:
    return [conversation.id for conversation, _ in plan.conversations]


def _leave_word(concern: Concern, at: datetime.datetime, staff: User) -> None:
    """As the citizen would; but nobody gets a mail about it."""
    inquiry = inquiry_leave(concern.entries, concern.conversation.id, "standard", None)
    Inquiry.objects.filter(pk=inquiry.pk).update(
        conversation=concern.conversation,
        at=at,
        open_since=at,
        consented_at=at,
        mail_due_at=None,
        progress=Progress.DONE if concern.is_done else Progress.OPEN,
        by=staff if concern.is_done else None,
        done_at=at + datetime.timedelta(days=2) if concern.is_done else None,
    )


def _store(model: type[M], column: str, rows: Sequence[tuple[M, datetime.datetime]]) -> None:
    objects = [each for each, _ in rows]
    model._default_manager.bulk_create(objects, batch_size=_BATCH)
    _date(model, column, [each.pk for each in objects], [at for _, at in rows])


def _date(model: type[M], column: str, keys: Sequence[object], times: Sequence[datetime.datetime]) -> None:
    """Sets a time that Django would not have set from outside (`auto_now`)."""
    table, kind = model._meta.db_table, model._meta.pk.rel_db_type(connection)
    statement = f"""
        update {table} set {column} = given.at
        from unnest(%s::{kind}[], %s::timestamptz[]) as given(id, at) where {table}.id = given.id
    """
    with connection.cursor() as cursor:
        cursor.execute(statement, [list(keys), list(times)])
