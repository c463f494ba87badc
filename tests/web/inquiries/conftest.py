"""A mail server on loopback that can go away and come back, and a certificate for it."""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from dataclasses import replace
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, Envelope
from pytest_django.fixtures import Settings

from tests.certificate import Certificate, certificate_in
from training.processes import free_port

SENDER = "wohnlotse@example.de"


class MailServer:
    """`mails`: what came, each as (sender, recipients, message, all of it as it came). `logins`: names and passwords that
    were tried. `ciphers`: of each mail, the way in which its line was encrypted, None where it was not."""

    def __init__(self) -> None:
        self.port = free_port()
        self.mails: list[tuple[str, list[str], EmailMessage, bytes]] = []
        self.logins: list[tuple[str, str]] = []
        self.ciphers: list[str | None] = []
        self.refusal = ""
        self._controller: Controller | None = None

    def start(
        self, password: str = "", starttls: ssl.SSLContext | None = None, encrypted: ssl.SSLContext | None = None
    ) -> None:
        """`password`: the only one with which it takes mails. `starttls`: it takes them only once a client has had the line
        encrypted; `encrypted`: from its first byte."""
        options: dict[str, Any] = {"tls_context": starttls, "require_starttls": starttls is not None, "ssl_context": encrypted}
        if password:

            def authenticator(*asked: Any) -> AuthResult:
                self.logins.append((asked[-1].login.decode(), asked[-1].password.decode()))
                return AuthResult(success=asked[-1].password == password.encode(), handled=False)

            options |= {"authenticator": authenticator, "auth_required": True, "auth_require_tls": starttls is not None}
        self._controller = Controller(self, hostname="127.0.0.1", port=self.port, **options)
        self._controller.start()

    def stop(self) -> None:
        if self._controller is not None:
            self._controller.stop()
            self._controller = None

    async def handle_DATA(self, server: Any, session: Any, envelope: Envelope) -> str:
        if self.refusal:
            return self.refusal
        content = envelope.content if isinstance(envelope.content, bytes) else b""
        mail = message_from_bytes(content, policy=policy.default)
        assert isinstance(mail, EmailMessage)
        cipher = server.transport.get_extra_info("cipher")
        self.ciphers.append(cipher and cipher[1])
        self.mails.append((str(envelope.mail_from), list(envelope.rcpt_tos), mail, content))
        return "250 OK"


@pytest.fixture
def mail_server(settings: Settings) -> Iterator[MailServer]:
    """Running, and set as the one that takes the staff's mails."""
    server = MailServer()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_USE_TLS = "127.0.0.1", server.port, False
    settings.WOHNLOTSE = replace(
        settings.WOHNLOTSE,
        smtp_url=f"smtp://127.0.0.1:{server.port}",
        mail_from=SENDER,
        public_url="https://chat.example.de",
    )
    server.start()
    yield server
    server.stop()


@pytest.fixture
def certificate(tmp_path: Path) -> Certificate:
    return certificate_in(tmp_path)
