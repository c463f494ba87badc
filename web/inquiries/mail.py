"""The staff's mails about new inquiries: references and links, nothing of what was left."""

from __future__ import annotations

import datetime
import logging
import smtplib

from django.conf import settings
from django.contrib.auth.models import User
from django.core.mail import EmailMessage, get_connection
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from web.inquiries.models import Inquiry, Progress

logger = logging.getLogger(__name__)

_SHORTEST_PAUSE = datetime.timedelta(minutes=1)
_LONGEST_PAUSE = datetime.timedelta(hours=1)
_MOST = 50


def inquiries_notify() -> None:
    """Tells the staff of new inquiries, once of each. While the mail server is away it is tried again, ever less often.

    Takes some seconds at most (`EMAIL_TIMEOUT`): not for the event loop. Only a worker that is killed between the server's
    yes and the last line here leaves a mail to be sent a second time.
    """
    recipients = recipients_of_mails() if settings.WOHNLOTSE.smtp_url else []
    claimed = _claim() if recipients else []
    if not claimed:
        return
    try:
        with get_connection() as connection:
            connection.send_messages([_mail(claimed, recipients)])
    except (smtplib.SMTPException, OSError) as error:
        logger.error("the mail server did not take a mail: %s", type(error).__name__)
        return
    Inquiry.objects.filter(pk__in=[inquiry.pk for inquiry in claimed]).update(mail_due_at=None)


def recipients_of_mails() -> list[str]:
    """Addresses of all who deal with inquiries and want to hear of new ones."""
    staff = User.objects.with_perm("accounts.answer", backend="django.contrib.auth.backends.ModelBackend")
    reached = staff.filter(profile__notify=True).exclude(email="").order_by("email")
    return list(reached.values_list("email", flat=True).distinct())


def mails_are_late() -> bool:
    """Whether a mail could not be sent for some minutes although there is somebody to send it to."""
    late = timezone.now() - 3 * _SHORTEST_PAUSE
    waiting = Inquiry.objects.filter(mail_due_at__isnull=False, progress=Progress.OPEN, at__lt=late)
    return bool(settings.WOHNLOTSE.smtp_url) and waiting.exists() and bool(recipients_of_mails())


@transaction.atomic
def _claim() -> list[Inquiry]:
    """Those that a mail is due for; no other worker takes them before the next attempt is due."""
    now = timezone.now()
    due = Inquiry.objects.filter(mail_due_at__lte=now, progress=Progress.OPEN).order_by("id")
    claimed = list(due.select_for_update(skip_locked=True)[:_MOST])
    for inquiry in claimed:
        inquiry.mail_due_at = now + min(max(now - inquiry.at, _SHORTEST_PAUSE), _LONGEST_PAUSE)
    Inquiry.objects.bulk_update(claimed, ["mail_due_at"])
    return claimed


def _mail(inquiries: list[Inquiry], recipients: list[str]) -> EmailMessage:
    references = [inquiry.reference for inquiry in inquiries]
    one = len(references) == 1
    subject = f"Neues Anliegen {references[0]}" if one else f"{len(references)} neue Anliegen"
    came = "ist ein neues Anliegen" if one else f"sind {len(references)} neue Anliegen"
    links = "\n\n".join(f"{reference}\n{_address('inquiry', reference)}" for reference in references)
    body = (
        f"Guten Tag,\n\nüber den Wohnlotsen {came} eingegangen:\n\n{links}\n\n"
        "Was darin steht, sehen Sie nach der Anmeldung. Diese E-Mail enthält absichtlich keine persönlichen Angaben.\n\n"
        f"Sie möchten diese E-Mails nicht mehr bekommen? Das stellen Sie in Ihrem Konto ein:\n{_address('account')}\n"
    )
    # Colleagues need not learn each other's addresses, and no absence note is to come back (RFC 3834).
    headers = {"To": "undisclosed-recipients:;", "Auto-Submitted": "auto-generated"}
    return EmailMessage(subject, body, settings.WOHNLOTSE.mail_from, bcc=recipients, headers=headers)


def _address(name: str, *arguments: str) -> str:
    return settings.WOHNLOTSE.public_url + reverse(name, args=arguments)
