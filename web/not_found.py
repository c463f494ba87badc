"""Where an address leads nowhere: the page that says so, in the words of whoever asked."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from web.console.page import problem
from web.pages.views import page


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Django's handler404: for staff below /team/, for citizens elsewhere. The API answers for itself."""
    if request.path.startswith("/team/"):
        return problem(request, 404)
    return page(request, "not_found", status=404)
