"""For the developers' command line, below /api/v1/."""

from __future__ import annotations

from django.urls import path

from web.review.api import suggestions_view

urlpatterns = [
    path("suggestions", suggestions_view),
]
