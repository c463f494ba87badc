"""Notes and tags of a conversation, for colleagues. They go with the conversation."""

from __future__ import annotations

import uuid

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import QuerySet

from web.chat.models import Conversation
from web.review.models import Note, Tag
from web.review.refusal import Refused
from web.review.suggestions import raise_if_personal

#: Characters.
LONGEST_NOTE = 2000
LONGEST_TAG = 40


@transaction.atomic
def note_add(conversation_id: uuid.UUID, text: str, by: User) -> Note:
    """Raises Refused."""
    text = text.strip()
    if not text:
        raise Refused("Bitte schreiben Sie erst eine Notiz.", "note")
    if len(text) > LONGEST_NOTE:
        raise Refused(f"Eine Notiz hat höchstens {LONGEST_NOTE} Zeichen.", "note")
    return Note.objects.create(conversation=_kept(conversation_id), text=text, by=by)


@transaction.atomic
def note_delete(note_id: int, by: User) -> None:
    """Removes a note of one's own; whoever manages the console may remove any. Raises Refused."""
    note = Note.objects.select_for_update().filter(pk=note_id).first()
    if note is None:
        return
    if note.by_id != by.pk and not by.has_perm("accounts.manage"):
        raise Refused("Diese Notiz ist von jemand anderem. Entfernen kann sie auch die Leitung.", "note")
    note.delete()


@transaction.atomic
def tag_add(conversation_id: uuid.UUID, name: str) -> Tag:
    """Names that differ only in their case are the same tag; a citizen's is none. Raises Refused."""
    name = " ".join(name.split())
    if not name:
        raise Refused("Bitte schreiben Sie erst ein Schlagwort.", "tag")
    if len(name) > LONGEST_TAG:
        raise Refused(f"Ein Schlagwort hat höchstens {LONGEST_TAG} Zeichen.", "tag")
    raise_if_personal(name, "tag")
    conversation = _kept(conversation_id)
    tags = Tag.objects.select_for_update()  # or its last use ends just now, and it with that
    tag = tags.filter(name__iexact=name).first() or tags.get_or_create(name=name)[0]
    tag.conversations.add(conversation)
    return tag


@transaction.atomic
def tag_remove(conversation_id: uuid.UUID, tag_id: int) -> None:
    """Takes the tag off the conversation. A tag that nothing carries any more is forgotten."""
    _remove(Tag.objects.filter(pk=tag_id), conversation_id)


def tags_remove(conversation: Conversation) -> None:
    """Takes all tags off a conversation that is about to be deleted."""
    _remove(Tag.objects.filter(conversations=conversation), conversation.pk)


def _remove(tags: QuerySet[Tag], conversation_id: uuid.UUID) -> None:
    for tag in tags.select_for_update(of=("self",)).order_by("pk"):
        tag.conversations.through.objects.filter(tag=tag, conversation=conversation_id).delete()
        if not tag.conversations.exists():
            tag.delete()


def _kept(conversation_id: uuid.UUID) -> Conversation:
    """The conversation, kept from being deleted until the transaction ends. Raises Refused."""
    conversation = Conversation.objects.select_for_update().filter(pk=conversation_id).first()
    if conversation is None:
        raise Refused("Das Gespräch wurde inzwischen gelöscht.")
    return conversation
