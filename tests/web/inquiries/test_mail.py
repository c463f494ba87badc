"""The staff's mails, over SMTP to a real server."""

from __future__ import annotations

import datetime
import logging
import runpy
import time
import uuid
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import psycopg
import pytest
import time_machine
from django.contrib.auth.models import User
from django.db import connections
from django.utils import timezone
from pytest_django.fixtures import Settings

import web.environment
import web.settings
from tests.certificate import Certificate
from tests.web import records
from tests.web.inquiries.conftest import SENDER, MailServer
from tests.web.inquiries.leaving import PERSONAL, TYPED, left
from tests.web.running import API, running_web, standing_in
from tests.web.settings import DATABASE
from web.accounts.models import Profile
from web.inquiries.inquiries import inquiry_take
from web.inquiries.mail import inquiries_notify, mails_are_late, recipients_of_mails
from web.inquiries.models import Inquiry

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def diehl(db: None) -> User:
    return records.member("diehl", email="diehl@example.de")


def _told(mail_server: MailServer) -> list[str]:
    """The subjects of the mails that came."""
    return [str(mail["Subject"]) for _, _, mail, _ in mail_server.mails]


def _later(minutes: float) -> datetime.datetime:
    return timezone.now() + datetime.timedelta(minutes=minutes)


def test_staff_are_told_with_a_link_and_nothing_that_was_left(mail_server: MailServer, diehl: User) -> None:
    records.member("piesk", role="Leitung", email="piesk@example.de")
    reference = left().reference
    inquiries_notify()
    [(sender, recipients, mail, raw)] = mail_server.mails
    assert (sender, sorted(recipients)) == (SENDER, ["diehl@example.de", "piesk@example.de"])
    assert (mail["Subject"], mail["From"], mail["Auto-Submitted"]) == (f"Neues Anliegen {reference}", SENDER, "auto-generated")
    assert mail.get_content().replace("\r\n", "\n") == (
        "Guten Tag,\n\nüber den Wohnlotsen ist ein neues Anliegen eingegangen:\n\n"
        f"{reference}\nhttps://chat.example.de/team/anliegen/{reference}/\n\n"
        "Was darin steht, sehen Sie nach der Anmeldung. Diese E-Mail enthält absichtlich keine persönlichen Angaben.\n\n"
        "Sie möchten diese E-Mails nicht mehr bekommen? Das stellen Sie in Ihrem Konto ein:\n"
        "https://chat.example.de/team/konto/\n"
    )
    assert [word for word in (*PERSONAL, "diehl@", "piesk@") if word.encode() in raw] == []


def test_several_are_told_of_in_one_mail(mail_server: MailServer, diehl: User) -> None:
    references = [left().reference, left().reference]
    inquiries_notify()
    [(_, _, mail, _)] = mail_server.mails
    assert mail["Subject"] == "2 neue Anliegen"
    assert [reference for reference in references if f"/team/anliegen/{reference}/" not in mail.get_content()] == []


def test_each_is_told_of_once(mail_server: MailServer, diehl: User) -> None:
    left()
    inquiries_notify()
    with time_machine.travel(_later(300), tick=False):
        inquiries_notify()
    assert len(mail_server.mails) == 1


def test_workers_that_look_at_the_same_moment_send_one_mail(mail_server: MailServer, diehl: User) -> None:
    left()

    def notify(_: int) -> None:
        try:
            inquiries_notify()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(notify, range(6)))
    assert len(mail_server.mails) == 1


def test_server_that_was_away_gets_the_mail_when_it_is_back(
    mail_server: MailServer, diehl: User, caplog: pytest.LogCaptureFixture
) -> None:
    mail_server.stop()
    reference = left().reference
    inquiries_notify()
    assert [record.message for record in caplog.records if record.levelno == logging.ERROR] == [
        "the mail server did not take a mail: ConnectionRefusedError"
    ]
    mail_server.start()
    inquiries_notify()
    assert _told(mail_server) == []  # not every five seconds
    with time_machine.travel(_later(1.1), tick=False):
        inquiries_notify()
        inquiries_notify()
    assert _told(mail_server) == [f"Neues Anliegen {reference}"]


def test_server_that_stays_away_is_asked_less_often(mail_server: MailServer, diehl: User) -> None:
    mail_server.refusal = "451 Bitte später"
    inquiry, start, pauses = left(), timezone.now(), []
    with time_machine.travel(start, tick=False) as clock:
        for _ in range(9):
            inquiries_notify()
            inquiry.refresh_from_db()
            assert inquiry.mail_due_at is not None
            pauses.append(round((inquiry.mail_due_at - timezone.now()).total_seconds() / 60))
            clock.move_to(inquiry.mail_due_at)
    assert pauses == [1, 1, 2, 4, 8, 16, 32, 60, 60]


def test_mail_that_the_server_refuses_comes_again(mail_server: MailServer, diehl: User) -> None:
    mail_server.refusal = "554 Nein"
    left()
    inquiries_notify()
    mail_server.refusal = ""
    with time_machine.travel(_later(2), tick=False):
        inquiries_notify()
    assert len(mail_server.mails) == 1


def test_what_somebody_deals_with_already_needs_no_mail(mail_server: MailServer, diehl: User) -> None:
    inquiry_take(left().reference, diehl)
    inquiries_notify()
    assert mail_server.mails == []


def test_only_those_who_may_answer_want_it_and_have_an_address_are_told(settings: Settings) -> None:
    records.member("beratung", email="beratung@example.de")
    records.member("redaktion", role="Redaktion", email="redaktion@example.de")
    records.member("ohne-adresse")
    records.member("gegangen", email="gegangen@example.de", is_active=False)
    Profile.objects.filter(user=records.member("still", email="still@example.de")).update(notify=False)
    Profile.objects.create(user=User.objects.create_user("ohne-rolle", email="ohne-rolle@example.de"))
    assert recipients_of_mails() == ["beratung@example.de", "redaktion@example.de"]


def test_without_a_mail_server_nothing_is_sent_and_nothing_is_lost(
    mail_server: MailServer, diehl: User, settings: Settings
) -> None:
    with_server = settings.WOHNLOTSE
    settings.WOHNLOTSE = replace(with_server, smtp_url="")
    left()
    inquiries_notify()
    assert mail_server.mails == []
    settings.WOHNLOTSE = with_server
    inquiries_notify()
    assert len(mail_server.mails) == 1


def test_mails_are_late_when_the_server_stays_away_and_somebody_waits_for_them(mail_server: MailServer) -> None:
    mail_server.stop()
    left()
    with time_machine.travel(_later(5), tick=False):
        inquiries_notify()
        assert not mails_are_late()  # nobody wants one
        records.member(email="diehl@example.de")
        inquiries_notify()
        assert mails_are_late()
        mail_server.start()
    with time_machine.travel(_later(20), tick=False):
        inquiries_notify()
        assert not mails_are_late()
        assert Inquiry.objects.get().mail_due_at is None


class TestEncrypted:
    """The line to the mail server, as WOHNLOTSE_SMTP_URL asks for it."""

    pytestmark = pytest.mark.django_db

    @pytest.fixture
    def login(self, mail_server: MailServer, diehl: User, settings: Settings) -> Settings:
        mail_server.stop()
        settings.EMAIL_HOST_USER, settings.EMAIL_HOST_PASSWORD = "wohnlotse", "geheim"
        return settings

    @pytest.fixture
    def starttls(self, login: Settings) -> Settings:
        login.EMAIL_USE_TLS = True
        return login

    @pytest.fixture
    def trusted(self, certificate: Certificate, monkeypatch: pytest.MonkeyPatch) -> Certificate:
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate.path))
        return certificate

    @pytest.mark.usefixtures("starttls")
    def test_mail_and_password_go_over_starttls(self, mail_server: MailServer, trusted: Certificate) -> None:
        mail_server.start(password="geheim", starttls=trusted.context)
        reference = left().reference
        inquiries_notify()
        assert _told(mail_server) == [f"Neues Anliegen {reference}"]
        assert mail_server.logins == [("wohnlotse", "geheim")]
        assert mail_server.ciphers == ["TLSv1.3"]

    @pytest.mark.filterwarnings("ignore:Requiring AUTH:UserWarning")  # it does not see that the line is encrypted already
    def test_mail_and_password_go_over_a_line_that_is_encrypted_from_the_start(
        self, mail_server: MailServer, trusted: Certificate, login: Settings
    ) -> None:
        login.EMAIL_USE_SSL = True
        mail_server.start(password="geheim", encrypted=trusted.context)
        left()
        inquiries_notify()
        assert (len(mail_server.mails), mail_server.logins) == (1, [("wohnlotse", "geheim")])
        assert mail_server.ciphers == ["TLSv1.3"]

    @pytest.mark.usefixtures("starttls")
    def test_server_with_a_certificate_of_somebody_else_gets_neither_mail_nor_password(
        self, mail_server: MailServer, certificate: Certificate, caplog: pytest.LogCaptureFixture
    ) -> None:
        mail_server.start(password="geheim", starttls=certificate.context)
        self._is_refused(mail_server, caplog, "SSLCertVerificationError", logins=[])

    @pytest.mark.usefixtures("starttls")
    @pytest.mark.filterwarnings("ignore:Requiring AUTH:UserWarning")  # the line is loopback
    def test_server_without_starttls_gets_neither_mail_nor_password(
        self, mail_server: MailServer, caplog: pytest.LogCaptureFixture
    ) -> None:
        mail_server.start(password="geheim")
        self._is_refused(mail_server, caplog, "SMTPNotSupportedError", logins=[])

    @pytest.mark.usefixtures("starttls")
    def test_wrong_password_is_told_without_it(
        self, mail_server: MailServer, trusted: Certificate, caplog: pytest.LogCaptureFixture
    ) -> None:
        mail_server.start(password="ein anderes", starttls=trusted.context)
        self._is_refused(mail_server, caplog, "SMTPAuthenticationError", logins=[("wohnlotse", "geheim")])

    @staticmethod
    def _is_refused(
        mail_server: MailServer, caplog: pytest.LogCaptureFixture, error: str, logins: list[tuple[str, str]]
    ) -> None:
        inquiry = left()
        inquiries_notify()
        assert [record.getMessage() for record in caplog.records if record.name == "web.inquiries.mail"] == [
            f"the mail server did not take a mail: {error}"
        ]
        assert mail_server.mails == []
        assert sorted(set(mail_server.logins)) == logins
        inquiry.refresh_from_db()
        assert inquiry.mail_due_at is not None


@pytest.mark.filterwarnings("ignore:Requiring AUTH:UserWarning")  # the line is loopback
def test_running_process_sends_the_mail_by_itself(database_server: None, tmp_path: Path) -> None:
    server = MailServer()
    with psycopg.connect(DATABASE.url("postgres"), autocommit=True) as connection:
        connection.execute("create database wohnlotse_mail")
    variables = {
        "WOHNLOTSE_SMTP_URL": f"smtp://wohnlotse:ge%40heim@127.0.0.1:{server.port}",
        "WOHNLOTSE_MAIL_FROM": SENDER,
        "WOHNLOTSE_PUBLIC_URL": "https://chat.example.de",
    }
    with standing_in() as bot, running_web(tmp_path, DATABASE.url("wohnlotse_mail"), bot, variables) as process:
        made = process.command(
            *("shell", "-v", "0", "-c", "from tests.web.records import member; member(email='diehl@example.de')"),
        )
        assert made.returncode == 0, made.stderr
        server.start(password="ge@heim")
        try:
            body = {"id": str(uuid.uuid4()), "consent": True, **TYPED}
            reference = process.client.post(f"{API}/inquiries", json=body).json()["reference"]
            until = time.monotonic() + 20
            while not server.mails and time.monotonic() < until:
                time.sleep(0.1)
        finally:
            server.stop()
        assert _told(server) == [f"Neues Anliegen {reference}"]
        assert [word for word in (*PERSONAL, "heim", "diehl") if word.encode() in process.process.log.read_bytes()] == []


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("smtp://mail.example.de", ("mail.example.de", 587, "", "", False, False)),
        ("smtp://u:p%40q@mail.example.de:25?tls=1", ("mail.example.de", 25, "u", "p@q", True, False)),
        ("smtps://u:p@mail.example.de", ("mail.example.de", 465, "u", "p", False, True)),
        ("", ("", 587, "", "", False, False)),
    ],
)
def test_address_of_the_server_becomes_djangos_settings(
    url: str, expected: tuple[object, ...], settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    with_url = replace(settings.WOHNLOTSE, smtp_url=url)
    monkeypatch.setattr(web.environment, "read_environment", lambda: with_url)
    read = runpy.run_path(web.settings.__file__)
    names = ("HOST", "PORT", "HOST_USER", "HOST_PASSWORD", "USE_TLS", "USE_SSL")
    assert tuple(read[f"EMAIL_{name}"] for name in names) == expected
