"""The citizen's side of the hand-off, below /api/v1/."""

from __future__ import annotations

from django.urls import path

from web.handoff import views

urlpatterns = [
    path("handoff", views.handoff_view),
    path("typing", views.typing_view),
]
