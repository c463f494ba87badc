"""What no page of ours may do, seen from outside."""

from __future__ import annotations

from urllib.parse import urlsplit

from playwright.sync_api import BrowserContext, ConsoleMessage, Request

_REPORT = """document.addEventListener("securitypolicyviolation", ({violatedDirective, blockedURI, sample}) =>
    reportViolation(`${violatedDirective} ${blockedURI} ${sample}`))"""


class Watch:
    """Collects in `complaints` requests to foreign hosts, breaches of the content security policy, and errors of scripts."""

    def __init__(self, *homes: str) -> None:
        """`homes`: addresses on the only servers that may be asked."""
        self.complaints: list[str] = []
        self.homes = [urlsplit(home).netloc for home in homes]

    def look_at(self, context: BrowserContext) -> None:
        context.expose_function("reportViolation", lambda text: self.complaints.append(f"policy: {text}"))
        context.add_init_script(_REPORT)
        context.on("request", self._request)
        context.on("console", self._console)
        context.on("weberror", lambda error: self.complaints.append(f"error: {error.error}"))

    def _request(self, request: Request) -> None:
        parts = urlsplit(request.url)
        if parts.scheme not in ("blob", "data", "about") and parts.netloc not in self.homes:
            self.complaints.append(f"foreign: {request.url}")

    def _console(self, message: ConsoleMessage) -> None:
        # Chromium writes each answer that is no success here as well, and these are meant.
        if message.type == "error" and not message.text.startswith("Failed to load resource"):
            self.complaints.append(f"console: {message.text}")
