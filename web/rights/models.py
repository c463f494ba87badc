"""How long things are kept, what was removed, and who read what."""

from __future__ import annotations

from django.conf import settings
from django.db import models


class Reading(models.Model):
    """That a member of staff opened a transcript, an inquiry, a list with texts or an export. Outlives what was read, and says
    nothing of it."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    kind = models.CharField(max_length=20)
    #: The id of the conversation, the reference of the inquiry, or the filters of the list or the export.
    subject = models.CharField(max_length=300, db_index=True)
    at = models.DateTimeField(auto_now_add=True, db_index=True)


class Period(models.Model):
    """How many days something is kept; the newest row of a kind counts, all of them are kept."""

    kind = models.CharField(max_length=20)
    days = models.PositiveIntegerField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        get_latest_by = "id"


class Proof(models.Model):
    """What the daily job removed: numbers, no text. `removed` None: it could not be done; `note` says why, or what is odd."""

    at = models.DateTimeField(auto_now_add=True)
    kind = models.CharField(max_length=20)
    older_than = models.DateTimeField()
    removed = models.PositiveIntegerField(null=True)
    note = models.CharField(max_length=200, blank=True)

    class Meta:
        indexes = (models.Index(fields=("kind", "-id"), name="newest_proofs"),)
