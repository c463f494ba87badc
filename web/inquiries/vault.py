"""What citizens leave is encrypted at rest: Fernet (AES-128-CBC with HMAC-SHA256), by keys that lie outside the database."""

from __future__ import annotations

import base64
import functools

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings


class Sealed(Exception):
    """None of the keys in WOHNLOTSE_CONTACT_KEY opens it."""


def seal(text: str) -> bytes:
    """`text`, encrypted by the first key."""
    return _vault(settings.WOHNLOTSE.contact_key).encrypt(text.encode())


def unseal(sealed: bytes) -> str:
    """The text, whichever of the keys encrypted it. Raises Sealed."""
    try:
        return _vault(settings.WOHNLOTSE.contact_key).decrypt(sealed).decode()
    except InvalidToken:
        raise Sealed from None


def reseal(sealed: bytes) -> bytes:
    """The same text, encrypted by the first key. Raises Sealed."""
    try:
        return _vault(settings.WOHNLOTSE.contact_key).rotate(sealed)
    except InvalidToken:
        raise Sealed from None


@functools.lru_cache(maxsize=4)
def _vault(keys: str) -> MultiFernet:
    return MultiFernet([_fernet(key.strip()) for key in keys.split(",") if key.strip()])


def _fernet(key: str) -> Fernet:
    """Of any long random text, so that all secrets are made the same way (RFC 5869)."""
    derived = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"web.inquiries").derive(key.encode())
    return Fernet(base64.urlsafe_b64encode(derived))
