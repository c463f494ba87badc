"""Keys of conversations: ours, whole and fresh, or refused."""

from __future__ import annotations

import time
import uuid
from unittest.mock import patch

import pytest
from django.core.signing import TimestampSigner
from django.test import override_settings

from web.chat.keys import KeyRefused, new_key, read_key


def test_key_opens_the_conversation_that_it_was_made_for() -> None:
    conversation, key = new_key()
    assert read_key(key) == conversation


def test_each_key_is_for_another_conversation() -> None:
    assert len({new_key() for _ in range(100)}) == 100


def test_key_is_of_use_for_the_hours_that_are_set() -> None:
    conversation, key = new_key()
    made = time.time()
    with patch("time.time", return_value=made + 24 * 3600 - 5):
        assert read_key(key) == conversation
    with patch("time.time", return_value=made + 24 * 3600 + 5), pytest.raises(KeyRefused):
        read_key(key)


@pytest.mark.parametrize("place", range(0, 60, 3))
def test_key_with_one_character_changed_is_refused(place: int) -> None:
    _, key = new_key()
    changed = "b" if key[place] != "b" else "c"
    with pytest.raises(KeyRefused):
        read_key(key[:place] + changed + key[place + 1 :])


def test_key_with_another_conversation_in_it_is_refused() -> None:
    _, key = new_key()
    with pytest.raises(KeyRefused):
        read_key(":".join([uuid.uuid4().hex, *key.split(":")[1:]]))


def test_signature_of_another_part_of_the_program_is_refused() -> None:
    with pytest.raises(KeyRefused):
        read_key(TimestampSigner(salt="session").sign(uuid.uuid4().hex))


def test_key_of_another_installation_is_refused() -> None:
    with override_settings(SECRET_KEY="another key for tests only, long enough to keep Django quiet"):
        _, key = new_key()
    with pytest.raises(KeyRefused):
        read_key(key)


def test_signed_text_that_is_no_conversation_is_refused() -> None:
    with pytest.raises(KeyRefused):
        read_key(TimestampSigner(salt="web.chat.conversation").sign("no-uuid"))


@pytest.mark.parametrize("key", ["", ":", "::", "a" * 10_000, "ä:ö:ü", "\x00"])
def test_what_is_no_key_is_refused(key: str) -> None:
    with pytest.raises(KeyRefused):
        read_key(key)
