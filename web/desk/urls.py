from __future__ import annotations

from django.urls import path

from web.console.page import page, stream
from web.desk import views
from web.desk.stream import events

urlpatterns = [
    path("", page("answer", GET=views.show_board, POST=views.set_presence), name="desk"),
    path("da", page("answer", GET=views.open_page, POST=views.beat), name="desk_beat"),
    path("stream", stream("answer", events), name="desk_stream"),
    path("<uuid:conversation_id>/", page("answer", GET=views.show_conversation, POST=views.hand), name="desk_conversation"),
    path(
        "<uuid:conversation_id>/uebernehmen/",
        page("answer", GET=views.ask_take_over, POST=views.take_over),
        name="desk_take_over",
    ),
    path("<uuid:conversation_id>/beenden/", page("answer", GET=views.ask_close, POST=views.close), name="desk_close"),
    path("<uuid:conversation_id>/nachricht/", page("answer", POST=views.say), name="desk_say"),
    path("<uuid:conversation_id>/tippt/", page("answer", POST=views.note_typing), name="desk_typing"),
]
