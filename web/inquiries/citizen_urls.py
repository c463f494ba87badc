"""Where citizens leave word."""

from __future__ import annotations

from django.urls import path

from web.inquiries.api import inquiries_view
from web.inquiries.leave_word import leave_word, word_left

urlpatterns = [
    path("api/v1/inquiries", inquiries_view),
    path("nachricht/", leave_word, name="leave_word"),
    path("nachricht/<slug:reference>/", word_left, name="word_left"),
]
