"""What staff say about what the bot understood, and what follows from it for the training."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models

from web.chat.models import Conversation, Message


class Outcome(models.TextChoices):
    ACCEPTED = "accepted", "richtig verstanden"
    CORRECTED = "corrected", "anderes Thema"
    NEW_TOPIC = "new_topic", "neues Thema"
    OUT_OF_SCOPE = "out_of_scope", "gehört nicht hierher"
    IGNORED = "ignored", "nicht verwertbar"


class Review(models.Model):
    """One citizen's message as a person judged it. `topic`: the right intent, or the title of a new topic."""

    #: What was judged together is taken back together.
    batch = models.UUIDField(default=uuid.uuid4, db_index=True)

    message = models.OneToOneField(Message, on_delete=models.CASCADE, related_name="review")
    outcome = models.CharField(max_length=12, choices=Outcome.choices)
    topic = models.CharField(max_length=80, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField(auto_now=True, db_index=True)


class Note(models.Model):
    """For colleagues; the citizen never sees it."""

    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="notes")
    text = models.TextField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField(auto_now_add=True)


class Tag(models.Model):
    name = models.CharField(max_length=40, unique=True)
    conversations = models.ManyToManyField(Conversation, related_name="tags")


class Status(models.TextChoices):
    DRAFT = "draft", "zu bestätigen"
    CONFIRMED = "confirmed", "bestätigt"
    REJECTED = "rejected", "verworfen"
    IMPORTED = "imported", "übernommen"


class Suggestion(models.Model):
    """A training question. Only what a person confirmed to hold no personal data ever leaves the console.

    Until then it goes with its conversation. `text` is what the person confirmed; it outlives the conversation, so nothing
    links a confirmed one to it. An example for `intent`, or for a new topic called `intent`; a regression question, too.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    message = models.OneToOneField(Message, null=True, on_delete=models.CASCADE, related_name="suggestion")
    text = models.TextField()
    intent = models.CharField(max_length=80)
    is_new_topic = models.BooleanField(default=False)
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.DRAFT, db_index=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField(auto_now_add=True)
    confirmed_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    confirmed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=models.Q(status__in=(Status.DRAFT, Status.REJECTED), message__isnull=False)
                | models.Q(status__in=(Status.CONFIRMED, Status.IMPORTED), message__isnull=True),
                name="confirmed_ones_are_free_of_their_message",
            ),
        )
