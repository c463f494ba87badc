"""The memory survives Rasa's slot, and whatever else lies in the slot counts as no memory."""

from __future__ import annotations

import json
from typing import Any

import pytest

from actions.memory import Memory

_FULL = Memory(
    topic="participants_member",
    said=(("alliance_lead", ()), ("participants_member", ("Mieterbund", "Caritas"))),
    offered=("alliance_lead", "alliance_founder"),
    asked="topics",
    language="en",
    declines=2,
)


@pytest.mark.parametrize("memory", [Memory(), _FULL])
def test_memory_round_trips_through_the_json_of_the_slot(memory: Memory) -> None:
    assert Memory.from_slot(json.loads(json.dumps(memory.to_slot()))) == memory


@pytest.mark.parametrize("value", [None, "", "alliance_lead", 7, [], ["topic"], {}, {"topic": "alliance_lead"}])
def test_slot_of_another_shape_is_no_memory(value: Any) -> None:
    assert Memory.from_slot(value) == Memory()


def test_slot_with_a_field_more_is_no_memory() -> None:
    assert Memory.from_slot({**_FULL.to_slot(), "mood": "good"}) == Memory()


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("said", None),
        ("said", 5),
        ("said", ["alliance_lead"]),
        ("said", [["alliance_lead"]]),
        ("said", [["alliance_lead", None]]),
        ("offered", None),
        ("declines", "many"),
        ("declines", None),
    ],
)
def test_slot_with_a_field_of_another_type_is_no_memory(field: str, value: Any) -> None:
    assert Memory.from_slot({**_FULL.to_slot(), field: value}) == Memory()
