from __future__ import annotations

from django.urls import path

from web.console.page import page
from web.dashboard import views

urlpatterns = [
    path("", page("read", GET=views.show), name="team"),
]
