from __future__ import annotations

from django.urls import path

from web.console.page import page, problem

urlpatterns = [
    path("", page("answer", GET=lambda request: problem(request, 404)), name="desk"),
]
