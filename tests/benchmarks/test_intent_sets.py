"""Reading labelled sets, taking few examples of each intent, hiding intents."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest

from benchmarks.intent_sets import IntentSet, IntentSetError, Row, hold_out, read_intent_set, sample_shots


def _line(text: str, intent: str, split: str) -> str:
    return json.dumps({"text": text, "intent": intent, "split": split}, ensure_ascii=False)


_SMALL = [
    _line("Regnet es?", "weather/find", "train"),
    _line("Weck mich um sieben", "alarm/set", "train"),
    _line("Scheint die Sonne?", "weather/find", "test"),
    _line("Rengts heit?", "weather/find", "test_de-ba"),
]


def _written(folder: Path, lines: list[str], name: str = "small.jsonl") -> Path:
    path = folder / name
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def _rows(counts: dict[str, int], split: str = "train") -> list[Row]:
    return [Row(f"{intent} {number}", intent, split) for intent, count in counts.items() for number in range(count)]


def test_set_is_read_with_its_splits(tmp_path: Path) -> None:
    found = read_intent_set(_written(tmp_path, _SMALL))

    assert found.name == "small"
    assert found.train == (Row("Regnet es?", "weather/find", "train"), Row("Weck mich um sieben", "alarm/set", "train"))
    assert found.tests == {
        "test": (Row("Scheint die Sonne?", "weather/find", "test"),),
        "test_de-ba": (Row("Rengts heit?", "weather/find", "test_de-ba"),),
    }
    assert not found.is_pool


def test_set_called_data_is_named_like_its_folder_which_also_stands_for_it(tmp_path: Path) -> None:
    (tmp_path / "weather_de").mkdir()
    path = _written(tmp_path / "weather_de", _SMALL, "data.jsonl")

    assert read_intent_set(path) == read_intent_set(path.parent)
    assert read_intent_set(path).name == "weather_de"


def test_text_with_an_unusual_line_break_stays_one_line(tmp_path: Path) -> None:
    found = read_intent_set(_written(tmp_path, [*_SMALL, _line("Erste\u2028zweite", "alarm/set", "test")]))

    assert found.tests["test"][-1].text == "Erste\u2028zweite"


def test_empty_lines_are_passed_over_but_counted(tmp_path: Path) -> None:
    path = _written(tmp_path, [_SMALL[0], "", '{"text": "Hallo", "split": "train"}'])

    with pytest.raises(IntentSetError, match=r"small\.jsonl:3: the field intent is missing or empty"):
        read_intent_set(path)


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ('{"text": "Hallo", "split": "train"}', "the field intent is missing or empty"),
        ('{"text": "Hallo", "intent": null, "split": "train"}', "the field intent is missing or empty"),
        ('{"text": " ", "intent": "greet", "split": "train"}', "the field text is missing or empty"),
        ('{"text": "Hallo", "intent": "greet"}', "the field split is missing or empty"),
        ('{"text": "Hallo", "intent": "greet", "split": "dev"}', "the split must be train, test or test_<kind>, not dev"),
        ('{"text": "Hallo",', "this is not JSON"),
        ('["Hallo", "greet", "train"]', "expected an object with text, intent and split"),
    ],
)
def test_line_that_cannot_be_used_is_named(tmp_path: Path, line: str, said: str) -> None:
    path = _written(tmp_path, [*_SMALL, line])

    with pytest.raises(IntentSetError) as raised:
        read_intent_set(path)

    assert str(raised.value).startswith(f"{path}:5: {said}")


def test_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(IntentSetError, match=r"nowhere\.jsonl: there is no such file"):
        read_intent_set(tmp_path / "nowhere.jsonl")


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        (_SMALL[:2], "there are no rows to test on"),
        ([*_SMALL[:2], _SMALL[3]], "no rows with the split test"),
        ([_SMALL[0], _SMALL[2]], "need at least two intents"),
        ([_SMALL[2], _line("Weck mich", "alarm/set", "test")], "several intents are tested, but no row has the split train"),
    ],
)
def test_set_that_cannot_be_measured_is_refused(tmp_path: Path, lines: list[str], said: str) -> None:
    with pytest.raises(IntentSetError, match=said):
        read_intent_set(_written(tmp_path, lines))


def test_set_without_training_rows_is_a_pool_of_strangers(tmp_path: Path) -> None:
    lines = [_line("Spiel Musik", "out_of_scope", "test"), _line("Licht an", "out_of_scope", "test")]

    assert read_intent_set(_written(tmp_path, lines)).is_pool


def test_shots_limit_each_intent_and_keep_the_order() -> None:
    rows = _rows({"a": 8, "b": 2, "c": 5})

    chosen = sample_shots(rows, 3, seed=1)

    assert Counter(row.intent for row in chosen) == {"a": 3, "b": 2, "c": 3}
    assert chosen == [row for row in rows if row in chosen]


def test_shots_are_the_same_for_the_same_seed_only() -> None:
    rows = _rows({"a": 30, "b": 30})

    assert sample_shots(rows, 5, seed=1) == sample_shots(rows, 5, seed=1)
    assert sample_shots(rows, 5, seed=1) != sample_shots(rows, 5, seed=2)


def test_shots_of_an_intent_do_not_hang_on_the_other_intents() -> None:
    alone = sample_shots(_rows({"b": 30}), 5, seed=1)

    assert [row for row in sample_shots(_rows({"a": 7, "b": 30}), 5, seed=1) if row.intent == "b"] == alone


def test_without_a_limit_all_rows_are_taken() -> None:
    rows = _rows({"a": 4, "b": 1})

    assert sample_shots(rows, None, seed=1) == rows


def test_hidden_intents_are_outside_with_all_their_rows_and_nowhere_else() -> None:
    counts = {f"intent_{number}": 6 for number in range(10)}
    dialect = _rows(counts, "test_gsw")
    intent_set = IntentSet("set", tuple(_rows(counts) + _rows(counts, "test") + dialect))

    held = hold_out(intent_set, share=0.2, shots=4, seed=0)

    hidden = {row.intent for row in held.outside}
    assert len(hidden) == 2
    assert Counter((row.intent, row.split) for row in held.outside) == {
        (intent, split): 6 for intent in hidden for split in ("train", "test")
    }
    assert Counter(row.intent for row in held.train) == {intent: 4 for intent in counts if intent not in hidden}
    assert Counter(row.intent for row in held.inside) == {intent: 6 for intent in counts if intent not in hidden}


def test_intent_that_is_only_tested_is_neither_inside_nor_outside() -> None:
    rows = (*_rows({"a": 3, "b": 3, "c": 3}), *_rows({"a": 1, "b": 1, "c": 1, "unseen": 1}, "test"))

    held = hold_out(IntentSet("set", rows), share=0.2, shots=None, seed=0)

    assert "unseen" not in {row.intent for row in (*held.train, *held.inside, *held.outside)}


def test_other_seeds_hide_other_intents_and_the_same_seed_the_same() -> None:
    counts = {f"intent_{number}": 2 for number in range(20)}
    intent_set = IntentSet("set", tuple(_rows(counts) + _rows(counts, "test")))

    hidden = [{row.intent for row in hold_out(intent_set, 0.2, None, seed).outside} for seed in (0, 1, 0)]

    assert hidden[0] == hidden[2] != hidden[1]
