from __future__ import annotations

from django.urls import path

from web.console.page import page
from web.editing import views

urlpatterns = [
    path("", page("edit", GET=views.overview), name="editing"),
    path("verlauf/", page("edit", GET=views.history), name="editing_history"),
    path("verlauf/<int:number>/", page("edit", GET=views.show_edit, POST=views.undo), name="editing_edit"),
    path("<slug:kind>/<slug:key>/", page("edit", GET=views.show, POST=views.change), name="editing_entry"),
]
