"""The history of `content/`: each change that staff made, and what stood there before."""

from __future__ import annotations

from django.conf import settings
from django.db import models


class Edit(models.Model):
    """One file of `content/` before and after a change."""

    file = models.CharField(max_length=120, db_index=True)
    before = models.TextField()
    after = models.TextField()
    summary = models.CharField(max_length=200)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField(auto_now_add=True)
    #: The edit that this one takes back.
    undoes = models.OneToOneField("self", null=True, on_delete=models.SET_NULL, related_name="undone_by")
