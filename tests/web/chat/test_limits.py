"""What an address may do in a minute, by a clock of the test's own."""

from __future__ import annotations

from dataclasses import replace

import pytest
from django.conf import settings
from django.test import RequestFactory, override_settings

from web.chat import limits
from web.chat.limits import AddressLimit, address_of


class _Clock:
    now = 1000.0

    def __call__(self) -> float:
        return self.now


def test_as_many_as_allowed_go_at_once_and_then_as_many_again_over_a_minute() -> None:
    clock = _Clock()
    limit = AddressLimit(6, clock)
    assert [limit.takes("a") for _ in range(8)] == [True] * 6 + [False] * 2
    clock.now += 10
    assert [limit.takes("a") for _ in range(2)] == [True, False]
    clock.now += 60
    assert [limit.takes("a") for _ in range(8)] == [True] * 6 + [False] * 2


def test_waiting_for_long_saves_nothing_up() -> None:
    clock = _Clock()
    limit = AddressLimit(2, clock)
    limit.takes("a")
    clock.now += 100_000
    assert [limit.takes("a") for _ in range(3)] == [True, True, False]


def test_being_refused_does_not_push_the_next_time_away() -> None:
    clock = _Clock()
    limit = AddressLimit(1, clock)
    assert limit.takes("a")
    for _ in range(59):
        clock.now += 1
        assert not limit.takes("a")
    clock.now += 1.01
    assert limit.takes("a")


def test_addresses_do_not_share() -> None:
    limit = AddressLimit(1, _Clock())
    assert [limit.takes(address) for address in ("a", "b", "a", "b")] == [True, True, False, False]


def test_only_so_many_addresses_are_kept_and_the_quietest_goes_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "_MOST_BUCKETS", 2)
    limit = AddressLimit(1, _Clock())
    assert [limit.takes(address) for address in ("a", "b", "a", "c")] == [True, True, False, True]
    assert len(limit._buckets) == 2
    assert not limit.takes("a")
    assert limit.takes("b")


def test_no_address_is_kept_in_the_clear() -> None:
    limit = AddressLimit(1, _Clock())
    limit.takes("203.0.113.7")
    assert b"203.0.113.7" not in b"".join(limit._buckets)
    assert limit._buckets.keys().isdisjoint(_kept(AddressLimit(1, _Clock())))


def _kept(limit: AddressLimit) -> set[bytes]:
    limit.takes("203.0.113.7")
    return set(limit._buckets)


@pytest.mark.parametrize(
    ("proxies", "forwarded", "address"),
    [
        (0, "203.0.113.9", "192.0.2.1"),
        (1, "203.0.113.9", "203.0.113.9"),
        (1, "198.51.100.1, 203.0.113.9", "203.0.113.9"),
        (2, "198.51.100.1, 203.0.113.9, 10.0.0.1", "203.0.113.9"),
        (3, "203.0.113.9", "203.0.113.9"),
        (1, "", "192.0.2.1"),
        (1, " , ", "192.0.2.1"),
        (1, "2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        (1, "2001:db8:1:2::9", "2001:db8:1:2::/64"),
        (1, "::ffff:203.0.113.9", "203.0.113.9"),
        (1, "unknown", "unknown"),
    ],
)
def test_address_is_the_one_that_our_outermost_proxy_saw(proxies: int, forwarded: str, address: str) -> None:
    request = RequestFactory().get("/", REMOTE_ADDR="192.0.2.1", HTTP_X_FORWARDED_FOR=forwarded)
    with override_settings(WOHNLOTSE=replace(settings.WOHNLOTSE, proxies=proxies)):
        assert address_of(request) == address
