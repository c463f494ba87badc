"""Below /team/anliegen/."""

from __future__ import annotations

from django.urls import path

from web.console.page import page
from web.inquiries import views

urlpatterns = [
    path("", page("answer", GET=views.show_list), name="inquiries"),
    path("<slug:reference>/", page("answer", GET=views.show, POST=views.change), name="inquiry"),
]
