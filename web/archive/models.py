"""What makes conversations findable, and who has seen which."""

from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models

from web.chat.models import Conversation


class Document(models.Model):
    """A conversation as PostgreSQL searches it: the words that people wrote in it up to the message `seq`, and their parts."""

    conversation = models.OneToOneField(Conversation, primary_key=True, on_delete=models.CASCADE, related_name="document")
    seq = models.PositiveIntegerField()
    words = SearchVectorField()

    class Meta:
        indexes = (GinIndex(fields=("words",), name="words_of_conversations"),)


class Seen(models.Model):
    """How far a member of staff has read a conversation; what came after it is unread."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="seen")
    seq = models.PositiveIntegerField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=("user", "conversation"), name="seen_once"),)
