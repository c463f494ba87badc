from django.urls import include, path, re_path

from web.chat.health import health_view
from web.chat.views import unknown_view

handler404 = "web.not_found.not_found"

urlpatterns = [
    path("", include("web.inquiries.citizen_urls")),
    path("api/v1/", include("web.handoff.urls")),
    path("api/v1/", include("web.review.api_urls")),
    path("api/v1/", include("web.chat.urls")),
    re_path("^api(?:/|$)", unknown_view),
    path("health", health_view),
    path("team/", include("web.console.urls")),
    path("", include("web.pages.urls")),
]
