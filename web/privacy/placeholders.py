"""What stands in the place of personal data, and what each kind is called."""

from __future__ import annotations

from collections.abc import Sequence

from content import Register
from web.privacy.finding import Finding, Kind

PLACEHOLDERS: dict[Kind, str] = {
    "email": "[E-Mail-Adresse]",
    "phone": "[Telefonnummer]",
    "iban": "[IBAN]",
    "tax_id": "[Steuer-ID]",
    "card": "[Kartennummer]",
    "address": "[Anschrift]",
    "name": "[Name]",
}

#: What a citizen reads that was found, in each register.
LABELS: dict[Kind, dict[Register, str]] = {
    "email": {"standard": "E-Mail-Adresse", "einfach": "E-Mail-Adresse", "en": "e-mail address"},
    "phone": {"standard": "Telefonnummer", "einfach": "Telefonnummer", "en": "telephone number"},
    "iban": {"standard": "Kontonummer (IBAN)", "einfach": "Nummer von Ihrem Konto (IBAN)", "en": "bank account number (IBAN)"},
    "tax_id": {
        "standard": "Steuer-Identifikationsnummer",
        "einfach": "Nummer für die Steuer (Steuer-ID)",
        "en": "German tax number (Steuer-ID)",
    },
    "card": {"standard": "Kartennummer", "einfach": "Nummer von Ihrer Bankkarte", "en": "card number"},
    "address": {"standard": "Anschrift", "einfach": "Adresse mit Straße und Hausnummer", "en": "postal address"},
    "name": {"standard": "Name", "einfach": "Name", "en": "name"},
}


def redact(text: str, findings: Sequence[Finding]) -> str:
    """`text` with each of `findings` (in order, none overlapping) replaced by the placeholder of its kind."""
    parts, position = [], 0
    for finding in findings:
        parts += [text[position : finding.start], PLACEHOLDERS[finding.kind]]
        position = finding.end
    return "".join([*parts, text[position:]])
