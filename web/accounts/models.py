"""What is kept of a member of staff beside Django's user."""

from __future__ import annotations

from django.conf import settings
from django.db import models


class Profile(models.Model):
    """`shown_as`: what citizens see, for example „Frau Diehl“; empty: the function alone."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="profile")
    shown_as = models.CharField("Name für Bürgerinnen und Bürger", max_length=80, blank=True)
    #: Single-letter shortcuts in the review (WCAG 2.1.4: they can be switched off).
    shortcuts = models.BooleanField("Tastenkürzel", default=True)
    #: A tone for a new request, and for a citizen's answer while one looks at something else.
    rings = models.BooleanField("Ton bei neuen Anfragen", default=False)
    #: An e-mail when somebody left word.
    notify = models.BooleanField("E-Mail bei neuen Anliegen", default=True)
    #: The password was made up for the user, and somebody else has seen it.
    must_renew = models.BooleanField(default=False)


class Change(models.Model):
    """That somebody changed an account or a setting. `by` None: the command line, or an account that is gone."""

    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    kind = models.CharField(max_length=20)
    subject = models.CharField(max_length=150)
    summary = models.CharField(max_length=300)
    at = models.DateTimeField(auto_now_add=True)


class Right(models.Model):
    """No table: it only carries the console's permissions."""

    class Meta:
        managed = False
        default_permissions = ()
        permissions = (
            ("read", "Gespräche lesen"),
            ("answer", "Gespräche übernehmen und Anliegen bearbeiten"),
            ("review", "Antworten prüfen"),
            ("edit", "Inhalte bearbeiten"),
            ("suggest", "Trainingsvorschläge bestätigen"),
            ("export", "Gespräche ausleiten"),
            ("manage", "Einstellungen, Aufbewahrung, Schalter und Konten"),
        )
