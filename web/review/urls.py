from __future__ import annotations

from django.urls import path

from web.console.page import page
from web.review import note_views, suggestion_views, views

urlpatterns = [
    path("", page("review", GET=views.show_next), name="review"),
    path("nachricht/<int:message_id>/", page("review", GET=views.show, POST=views.judge), name="review_message"),
    path("nachricht/<int:message_id>/neu/", page("review", POST=views.withdraw), name="review_withdraw"),
    path("zuruecknehmen/", page("review", POST=views.undo), name="review_undo"),
    path("gespraech/<uuid:conversation_id>/notizen/", page("review", POST=note_views.add_note), name="note_add"),
    path(
        "gespraech/<uuid:conversation_id>/notizen/<int:note_id>/",
        page("review", POST=note_views.delete_note),
        name="note_delete",
    ),
    path("gespraech/<uuid:conversation_id>/schlagwoerter/", page("review", POST=note_views.add_tag), name="tag_add"),
    path(
        "gespraech/<uuid:conversation_id>/schlagwoerter/<int:tag_id>/",
        page("review", POST=note_views.remove_tag),
        name="tag_remove",
    ),
    path("vorschlaege/", page("suggest", GET=suggestion_views.show, POST=suggestion_views.mark_imported), name="suggestions"),
    path("vorschlaege/<uuid:suggestion_id>/", page("suggest", POST=suggestion_views.decide), name="suggestion"),
    path(
        "vorschlaege/<uuid:suggestion_id>/loeschen/",
        page("suggest", GET=suggestion_views.ask_delete, POST=suggestion_views.delete),
        name="suggestion_delete",
    ),
    path("vorschlaege.jsonl", page("suggest", GET=suggestion_views.download), name="suggestions_download"),
]
