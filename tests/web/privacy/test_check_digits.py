from __future__ import annotations

import pytest

from web.privacy.check_digits import cards, ibans, tax_ids


def test_an_iban_ends_where_it_is_valid_though_words_follow() -> None:
    text = "auf DE84 3416 7211 0684 0388 54 bei der Bank"
    assert [text[each.start : each.end] for each in ibans(text)] == ["DE84 3416 7211 0684 0388 54"]


@pytest.mark.parametrize("position", range(2, 22))
def test_an_iban_with_a_wrong_digit_is_none(position: int) -> None:
    number = "DE84341672110684038854"
    wrong = number[:position] + str((int(number[position]) + 1) % 10) + number[position + 1 :]
    assert list(ibans(wrong)) == []


@pytest.mark.parametrize("position", range(11))
def test_a_tax_number_with_a_wrong_digit_is_none(position: int) -> None:
    number = "80143637950"
    wrong = number[:position] + str((int(number[position]) + 1) % 10) + number[position + 1 :]
    assert list(tax_ids(wrong)) == []


def test_a_number_that_no_card_has_is_none_though_its_last_digit_is_right() -> None:
    assert len(list(cards("4120606260835583"))) == 1
    assert list(cards("2000000000000006")) == []
