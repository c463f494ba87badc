"""What a citizen leaves for the staff when nobody is there."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone

from web.chat.models import Conversation, Register


class Progress(models.TextChoices):
    OPEN = "open", "offen"
    TAKEN = "taken", "in Arbeit"
    DONE = "done", "erledigt"


class Inquiry(models.Model):
    """The personal fields are encrypted (`web.inquiries.vault`); a row says nothing about a person without the key."""

    #: What the citizen gets to name it by, for example „WL-7K3M-92XA“.
    reference = models.CharField(max_length=20, unique=True)
    #: Of what was posted: posted twice, it is stored once.
    post_id = models.UUIDField(unique=True)
    #: Where it came from; deleting the conversation leaves the inquiry, which has its own retention.
    conversation = models.ForeignKey(Conversation, null=True, on_delete=models.SET_NULL, related_name="inquiries")
    register = models.CharField(max_length=10, choices=Register.choices, default=Register.STANDARD)
    concern = models.BinaryField()
    name = models.BinaryField(null=True)
    email = models.BinaryField(null=True)
    phone = models.BinaryField(null=True)
    consented_at = models.DateTimeField()
    at = models.DateTimeField(auto_now_add=True, db_index=True)
    #: Since when it is not done: since it came, or since it was opened again.
    open_since = models.DateTimeField(default=timezone.now)
    progress = models.CharField(max_length=10, choices=Progress.choices, default=Progress.OPEN)
    #: Who of the staff took it, or has done it.
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    done_at = models.DateTimeField(null=True)
    #: When the staff's mail about it is to be sent, or tried again; None once it has gone out.
    mail_due_at = models.DateTimeField(null=True, default=timezone.now)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=models.Q(progress=Progress.DONE, done_at__isnull=False)
                | (~models.Q(progress=Progress.DONE) & models.Q(done_at__isnull=True)),
                name="only_done_inquiries_have_a_day",
            ),
        )
        indexes = (
            models.Index(fields=("mail_due_at",), condition=models.Q(mail_due_at__isnull=False), name="inquiries_to_tell_of"),
        )
