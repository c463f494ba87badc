from __future__ import annotations

from django.urls import path

from web.console.page import page, problem, public

urlpatterns = [
    path("login/", public(GET=lambda request: problem(request, 404)), name="login"),
    path("logout/", page(None, GET=lambda request: problem(request, 404)), name="logout"),
    path("konto/", page(None, GET=lambda request: problem(request, 404)), name="account"),
    path("einstellungen/", page("manage", GET=lambda request: problem(request, 404)), name="settings"),
    path("konten/", page("manage", GET=lambda request: problem(request, 404)), name="users"),
]
