"""How much one address may do in a minute. Addresses are kept in memory only, as a keyed hash that ends with the process."""

from __future__ import annotations

import hashlib
import ipaddress
import secrets
import time
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest

_MOST_BUCKETS = 50_000


class AddressLimit:
    """A token bucket per address: `per_minute` at once, then as many again over a minute."""

    def __init__(self, per_minute: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._per_minute = per_minute
        self._clock = clock
        self._key = secrets.token_bytes(32)
        self._buckets: dict[bytes, tuple[float, float]] = {}

    def takes(self, address: str) -> bool:
        """Whether `address` may do one thing more now."""
        now = self._clock()
        name = hashlib.blake2b(address.encode(), key=self._key, digest_size=16).digest()
        left, since = self._buckets.pop(name, (float(self._per_minute), now))
        left = min(float(self._per_minute), left + (now - since) * self._per_minute / 60)
        allowed = left >= 1
        self._buckets[name] = (left - 1 if allowed else left, now)
        if len(self._buckets) > _MOST_BUCKETS:  # the one that has been quiet for longest: it is full again by now
            del self._buckets[next(iter(self._buckets))]
        return allowed


def address_of(request: HttpRequest) -> str:
    """The client's address: the one that the outermost of our own proxies saw. Of IPv6 the network: a household has one, and
    more addresses in it than anybody can count."""
    address = _seen_from(request)
    try:
        version_6 = ipaddress.IPv6Address(address)
    except ValueError:
        return address
    return str(version_6.ipv4_mapped or ipaddress.ip_network((version_6.packed, 64), strict=False))


def _seen_from(request: HttpRequest) -> str:
    proxies = settings.WOHNLOTSE.proxies
    seen = [part.strip() for part in request.headers.get("X-Forwarded-For", "").split(",") if part.strip()]
    if proxies and seen:
        return seen[-min(proxies, len(seen))]
    return str(request.META.get("REMOTE_ADDR", ""))
