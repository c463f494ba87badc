"""What is kept of a conversation. Texts are the redacted ones; no address, no user agent, no name of a citizen."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.utils import timezone
from pgvector.django import VectorField

#: Of the sentence encoder.
DIMENSIONS = 512


class Register(models.TextChoices):
    STANDARD = "standard", "Deutsch"
    EINFACH = "einfach", "Einfache Sprache"
    ENGLISH = "en", "Englisch"


class Author(models.TextChoices):
    CITIZEN = "citizen", "Bürgerin oder Bürger"
    BOT = "bot", "Wohnlotse"
    STAFF = "staff", "Servicestelle"
    SYSTEM = "system", "Hinweis"


class Reason(models.TextChoices):
    """Why an answer did not help."""

    WRONG = "wrong", "Die Antwort ist falsch."
    OTHER_QUESTION = "other_question", "Ich habe etwas anderes gefragt."
    INCOMPLETE = "incomplete", "Es fehlt etwas."
    HARD_TO_UNDERSTAND = "hard_to_understand", "Die Antwort ist schwer zu verstehen."
    OTHER = "other", "Etwas anderes."


class State(models.TextChoices):
    """Who owns a conversation. Changed by `web.handoff.machine` only."""

    BOT = "bot", "beim Bot"
    REQUESTED = "requested", "wartet auf eine Person"
    STAFF = "staff", "bei der Servicestelle"
    CLOSED = "closed", "beendet"


#: While a person is asked for or there, the bot does not speak.
WITH_A_PERSON = (State.REQUESTED, State.STAFF)


class Channel(models.TextChoices):
    """Where the citizen wrote."""

    WIDGET = "widget", "Chat auf unserer Seite"
    EMBEDDED = "embedded", "Chat auf einer anderen Seite"


class Conversation(models.Model):
    """Made by the first message. `last_seq` is the counter of its messages: only changed under this row's lock."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    channel = models.CharField(max_length=10, choices=Channel.choices, default=Channel.WIDGET)
    state = models.CharField(max_length=10, choices=State.choices, default=State.BOT)
    state_since = models.DateTimeField(default=timezone.now)
    #: The member of staff who owns it, while `state` is staff.
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="conversations")
    #: Until when the owner holds it without a sign of life.
    owned_until = models.DateTimeField(null=True)
    #: The last sign of life of the citizen's widget while a person is asked for or there.
    citizen_seen_at = models.DateTimeField(null=True)
    citizen_types_until = models.DateTimeField(null=True)
    staff_types_until = models.DateTimeField(null=True)
    opened_at = models.DateTimeField(auto_now_add=True)
    active_at = models.DateTimeField(auto_now=True, db_index=True)
    last_seq = models.PositiveIntegerField(default=0)
    #: Until when a worker may take for answering; another one may go on after that.
    leased_until = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=models.Q(state=State.STAFF) | models.Q(owned_until__isnull=True), name="only_staff_own"
            ),
        )
        indexes = (
            models.Index(fields=("state_since",), condition=models.Q(state=State.REQUESTED), name="requested_conversations"),
            models.Index(fields=("-active_at", "-id"), name="newest_conversations"),
        )


class Message(models.Model):
    """One message of a conversation, in the order of `seq`: 1, 2, 3, ... without a gap."""

    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="messages")
    seq = models.PositiveIntegerField()
    author = models.CharField(max_length=10, choices=Author.choices)
    text = models.TextField()
    register = models.CharField(max_length=10, choices=Register.choices)
    at = models.DateTimeField(auto_now_add=True)
    #: The client's own id of a citizen's message: posted twice, it is stored once.
    client_id = models.UUIDField(null=True)
    #: Whether personal data were replaced in the text.
    redacted = models.BooleanField(default=False)
    #: A citizen's message that the bot has not answered yet.
    pending = models.BooleanField(default=False)
    reply_to = models.PositiveIntegerField(null=True)
    last = models.BooleanField(default=True)
    buttons = models.JSONField(default=list)
    source = models.JSONField(null=True)
    zone = models.CharField(max_length=12, blank=True)
    topic = models.CharField(max_length=80, blank=True)
    handoff = models.JSONField(null=True)
    #: The member of staff who wrote it.
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        ordering = ("conversation", "seq")
        constraints = (
            models.UniqueConstraint(fields=("conversation", "seq"), name="one_message_per_number"),
            models.UniqueConstraint(fields=("conversation", "client_id"), name="one_message_per_client_id"),
        )
        indexes = (models.Index(fields=("id",), condition=models.Q(pending=True), name="pending_messages"),)


class Verdict(models.Model):
    """What the bot understood of a citizen's message."""

    message = models.OneToOneField(Message, on_delete=models.CASCADE, related_name="verdict")
    intent = models.CharField(max_length=80)
    confidence = models.FloatField()
    zone = models.CharField(max_length=12)
    ranking = models.JSONField()
    topics = models.JSONField()
    model = models.CharField(max_length=120)
    vector = VectorField(dimensions=DIMENSIONS)


class Feedback(models.Model):
    """Whether an answer of the bot helped."""

    message = models.OneToOneField(Message, on_delete=models.CASCADE, related_name="feedback")
    helpful = models.BooleanField()
    reason = models.CharField(max_length=20, choices=Reason.choices, null=True)
    at = models.DateTimeField(auto_now=True)


class Deletion(models.Model):
    """That a conversation was deleted, and nothing of what it said. Keeps its key from opening it again."""

    conversation_id = models.UUIDField(primary_key=True)
    at = models.DateTimeField(auto_now_add=True)
    messages = models.PositiveIntegerField()
    #: The bot's memory is deleted, too; until then it is tried again.
    memory_deleted = models.BooleanField(default=False)


class Switch(models.Model):
    """The chat was switched off or on: the newest row counts, all of them are kept."""

    on = models.BooleanField()
    comment = models.TextField()
    by = models.CharField(max_length=150)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        get_latest_by = "at"
