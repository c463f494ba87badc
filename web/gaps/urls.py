from __future__ import annotations

from django.urls import path

from web.console.page import page
from web.gaps import views

urlpatterns = [
    path("", page("review", GET=views.show, POST=views.propose), name="gaps"),
]
