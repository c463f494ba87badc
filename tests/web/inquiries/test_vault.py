from __future__ import annotations

from dataclasses import replace

import pytest
from pytest_django.fixtures import Settings

from web.inquiries.vault import Sealed, reseal, seal, unseal

_OLD, _NEW = "the old key that is long enough to be one", "the new key that is long enough to be one"


def _keys(settings: Settings, *keys: str) -> None:
    settings.WOHNLOTSE = replace(settings.WOHNLOTSE, contact_key=",".join(keys))


def test_what_is_sealed_comes_back_and_tells_nothing_before(settings: Settings) -> None:
    _keys(settings, _OLD)
    sealed = seal("Übergabe an Erika Mustermann")
    assert unseal(sealed) == "Übergabe an Erika Mustermann"
    assert b"Erika" not in sealed
    assert seal("Übergabe an Erika Mustermann") != sealed


def test_first_key_seals_and_all_of_them_open(settings: Settings) -> None:
    _keys(settings, _OLD)
    earlier = seal("früher")
    _keys(settings, _NEW, _OLD)
    later = seal("später")
    assert (unseal(earlier), unseal(later)) == ("früher", "später")
    _keys(settings, _NEW)
    assert unseal(later) == "später"
    with pytest.raises(Sealed):
        unseal(earlier)


def test_old_key_can_go_once_all_is_sealed_anew(settings: Settings) -> None:
    _keys(settings, _OLD)
    sealed = seal("früher")
    _keys(settings, f" {_NEW} ", f"{_OLD} ")
    anew = reseal(sealed)
    _keys(settings, _NEW)
    assert unseal(anew) == "früher"
    with pytest.raises(Sealed):
        reseal(sealed)


def test_what_was_changed_is_not_opened(settings: Settings) -> None:
    _keys(settings, _OLD)
    sealed = bytearray(seal("früher"))
    sealed[-5] ^= 1
    with pytest.raises(Sealed):
        unseal(bytes(sealed))
