"""Personal data in what citizens write: found before anything is stored or sent on, and replaced."""

from web.privacy.finding import Finding, Kind
from web.privacy.findings import find
from web.privacy.placeholders import LABELS, PLACEHOLDERS, redact

__all__ = ["LABELS", "PLACEHOLDERS", "Finding", "Kind", "find", "redact"]
