"""Finds personal data in a text."""

from __future__ import annotations

import re
from collections.abc import Sequence

from content import Content
from web.privacy.address import addresses
from web.privacy.check_digits import cards, ibans, tax_ids
from web.privacy.contact import emails, phones
from web.privacy.finding import Finding
from web.privacy.known import is_known
from web.privacy.names import names
from web.privacy.persons import persons
from web.privacy.placeholders import PLACEHOLDERS, redact

# Numbers with check digits come before telephone numbers: they are sure, and their parts can look like a telephone.
_FINDERS = (emails, ibans, cards, tax_ids, phones, addresses, names, persons)

_PLACEHOLDER = re.compile("|".join(re.escape(placeholder) for placeholder in PLACEHOLDERS.values()))


def find(text: str, content: Content) -> list[Finding]:
    """Personal data in `text`, in order, none overlapping. What stands in `content` is none.

    A redacted text has no finds: the search goes on in the redacted text until it finds nothing more there.
    """
    findings: list[Finding] = []
    while more := _round(text, findings, content):
        findings = more
    return findings


def _round(text: str, findings: list[Finding], content: Content) -> list[Finding]:
    """`findings` and what each finder adds to them, or nothing where none adds anything."""
    before = len(findings)
    for finder in _FINDERS:
        redacted = redact(text, findings)
        taken = [match.span() for match in _PLACEHOLDER.finditer(redacted)]
        added: list[Finding] = []
        for found in sorted(finder(redacted), key=lambda each: (each.start, -each.end)):
            if added and found.start < added[-1].end:
                continue
            if any(start < found.end and found.start < end for start, end in taken):
                continue
            if not is_known(found.kind, redacted[found.start : found.end], content):
                added.append(found)
        moved = [Finding(_original(each.start, findings), _original(each.end, findings), each.kind) for each in added]
        findings = sorted([*findings, *moved])
    return findings if len(findings) > before else []


def _original(position: int, findings: Sequence[Finding]) -> int:
    """Where a place of the redacted text, outside of the placeholders, stands in the text as it was written."""
    for finding in findings:
        length = len(PLACEHOLDERS[finding.kind])
        if position < finding.start + length:
            break
        position += finding.end - finding.start - length
    return position
