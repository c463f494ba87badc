"""What can be done with an inquiry. Each function is one transaction."""

from __future__ import annotations

import uuid

from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone

from content import Register
from web.chat.models import Author, Conversation, Message
from web.chat.rows import Deleted, append, locked
from web.inquiries import wording
from web.inquiries.entries import Entries
from web.inquiries.models import Inquiry, Progress
from web.inquiries.references import new_reference
from web.inquiries.vault import Sealed, reseal, seal

_FIELDS = ("concern", "name", "email", "phone")


class Refused(Exception):
    """It is not possible now; the text says why, in German, for the staff."""


@transaction.atomic
def inquiry_leave(entries: Entries, post_id: uuid.UUID, register: Register, conversation_id: uuid.UUID | None) -> Inquiry:
    """Stores what a citizen left, encrypted. The same post again is the same inquiry.

    Where it came out of a conversation, a note there tells the reference, and nothing of the text.
    """
    conversation = _conversation(conversation_id)
    fields = {"concern": entries.concern, "name": entries.name, "email": entries.email, "phone": entries.phone}
    inquiry, is_new = Inquiry.objects.get_or_create(
        post_id=_of_contents(post_id, entries),
        defaults={
            **{field: seal(text) for field, text in fields.items() if text},
            "reference": _free_reference(),
            "conversation": conversation,
            "register": register,
            "consented_at": timezone.now(),
        },
    )
    if is_new and conversation is not None:
        note = wording.text("note", register, reference=inquiry.reference)
        append(conversation, Message(author=Author.SYSTEM, text=note, register=register))
    return inquiry


@transaction.atomic
def inquiry_take(reference: str, by: User) -> Inquiry:
    """`by` deals with it from now on. Raises Refused, Inquiry.DoesNotExist."""
    inquiry = _locked(reference)
    _refuse_unless_free(inquiry, by)
    return _changed(inquiry, Progress.TAKEN, by)


@transaction.atomic
def inquiry_settle(reference: str, by: User) -> Inquiry:
    """It is done. Raises Refused, Inquiry.DoesNotExist."""
    inquiry = _locked(reference)
    _refuse_unless_free(inquiry, by)
    return _changed(inquiry, Progress.DONE, by)


@transaction.atomic
def inquiry_reopen(reference: str) -> Inquiry:
    """Nobody deals with it any more, or it is not done after all: then its time until deletion begins anew. Raises Refused,
    Inquiry.DoesNotExist."""
    inquiry = _locked(reference)
    if inquiry.progress == Progress.OPEN:
        raise Refused("Dieses Anliegen ist schon offen.")
    if inquiry.progress == Progress.DONE:
        inquiry.open_since = timezone.now()
    return _changed(inquiry, Progress.OPEN, None)


@transaction.atomic
def inquiry_delete(reference: str) -> None:
    """Removes it with all that was left. Raises Inquiry.DoesNotExist."""
    _locked(reference).delete()


def inquiries_rotate() -> tuple[int, int]:
    """Encrypts all of them by the first key. Returns how many were, and how many none of the keys opens."""
    references = list(Inquiry.objects.order_by("id").values_list("reference", flat=True))
    outcomes = [_rotate(reference) for reference in references]
    return outcomes.count(True), outcomes.count(False)


@transaction.atomic
def _rotate(reference: str) -> bool | None:
    """Whether its key was there; None where it was deleted in the meantime."""
    inquiry = Inquiry.objects.select_for_update().filter(reference=reference).first()
    if inquiry is None:
        return None
    try:
        for field in _FIELDS:
            if (sealed := getattr(inquiry, field)) is not None:
                setattr(inquiry, field, reseal(sealed))
    except Sealed:
        return False
    inquiry.save(update_fields=_FIELDS)
    return True


def _conversation(conversation_id: uuid.UUID | None) -> Conversation | None:
    """The conversation, its row locked; None where nothing was said in it yet, or where it was deleted."""
    try:
        return locked(conversation_id) if conversation_id is not None else None
    except Deleted:
        return None


def _of_contents(post_id: uuid.UUID, entries: Entries) -> uuid.UUID:
    """Whoever goes back to the form, changes the text and sends again posts under the same id, and means another inquiry."""
    return uuid.uuid5(post_id, repr(entries))


def _free_reference() -> str:
    while Inquiry.objects.filter(reference=(reference := new_reference())).exists():
        pass
    return reference


def _locked(reference: str) -> Inquiry:
    # Without a join: of a row that somebody changed while we waited, PostgreSQL would join what stood there before.
    return Inquiry.objects.select_for_update().get(reference=reference)


def _refuse_unless_free(inquiry: Inquiry, by: User) -> None:
    if inquiry.progress == Progress.DONE:
        raise Refused("Dieses Anliegen ist schon erledigt.")
    if inquiry.progress == Progress.TAKEN and inquiry.by != by:
        raise Refused(f"Dieses Anliegen bearbeitet schon {_name(inquiry.by)}.")


def _changed(inquiry: Inquiry, progress: Progress, by: User | None) -> Inquiry:
    inquiry.progress = progress
    inquiry.by = by
    inquiry.done_at = timezone.now() if progress == Progress.DONE else None
    inquiry.save(update_fields=["progress", "by", "done_at", "open_since"])
    return inquiry


def _name(user: User | None) -> str:
    return (user.get_full_name() or user.get_username()) if user else "jemand anderes"
