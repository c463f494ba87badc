"""Below /team/gespraeche/."""

from __future__ import annotations

from django.urls import path

from web.archive import views
from web.console.page import page

urlpatterns = [
    path("", page("read", GET=views.show_list), name="archive"),
    path("ausleiten/<slug:form>/", page("export", GET=views.export_list), name="archive_export"),
    path("<uuid:conversation_id>/", page("read", GET=views.show_conversation), name="conversation"),
    path(
        "<uuid:conversation_id>/loeschen/",
        page("manage", GET=views.ask_delete, POST=views.delete),
        name="conversation_delete",
    ),
]
