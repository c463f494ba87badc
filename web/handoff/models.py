"""Every change of a conversation's owner, and who of the staff is there."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from web.chat.models import Conversation, State


class Transition(models.Model):
    """One step of the state machine: what happened (`event`), who did it, what changed. Holds no text of a citizen."""

    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="transitions")
    event = models.CharField(max_length=20)
    before = models.CharField(max_length=10, choices=State.choices)
    after = models.CharField(max_length=10, choices=State.choices)
    #: The member of staff who did it; None for the citizen, the bot and the clock.
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("conversation", "id")


class Presence(models.Model):
    """Whether a member of staff takes conversations. Counts until `there_until`: a closed laptop says no goodbye."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="presence")
    available = models.BooleanField(default=False)
    there_until = models.DateTimeField(null=True)
