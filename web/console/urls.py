"""Everything below /team/."""

from __future__ import annotations

from django.urls import include, path

urlpatterns = [
    path("", include("web.accounts.urls")),
    path("", include("web.dashboard.urls")),
    path("beratung/", include("web.desk.urls")),
    path("anliegen/", include("web.inquiries.urls")),
    path("gespraeche/", include("web.archive.urls")),
    path("pruefen/", include("web.review.urls")),
    path("luecken/", include("web.gaps.urls")),
    path("inhalte/", include("web.editing.urls")),
    path("rechte/", include("web.rights.urls")),
]
