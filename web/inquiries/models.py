"""What a citizen leaves for the staff when nobody is there."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from web.chat.models import Conversation, Register


class Progress(models.TextChoices):
    OPEN = "open", "offen"
    TAKEN = "taken", "in Arbeit"
    DONE = "done", "erledigt"


class Inquiry(models.Model):
    """The personal fields are encrypted (`web.inquiries.vault`); a row says nothing about a person without the key."""

    #: What the citizen gets to name it by, for example „WL-7K3M-92XA“.
    reference = models.CharField(max_length=20, unique=True)
    #: Where it came from; deleting the conversation leaves the inquiry, which has its own retention.
    conversation = models.ForeignKey(Conversation, null=True, on_delete=models.SET_NULL, related_name="inquiries")
    register = models.CharField(max_length=10, choices=Register.choices, default=Register.STANDARD)
    concern = models.BinaryField()
    name = models.BinaryField(null=True)
    email = models.BinaryField(null=True)
    phone = models.BinaryField(null=True)
    consented_at = models.DateTimeField()
    at = models.DateTimeField(auto_now_add=True, db_index=True)
    progress = models.CharField(max_length=10, choices=Progress.choices, default=Progress.OPEN)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    done_at = models.DateTimeField(null=True)
    #: The staff's mail about it has gone out; until then it is tried again.
    notified = models.BooleanField(default=False)
