"""Judging, timing and replaying with the running bot."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

from components.augmentation import PERTURBATIONS
from training.bank.card import read_card
from training.evaluation.judgement import Judgement, judge_model
from training.release.comparison import time_both
from training.release.shadow import Asked, replay
from training.serving.live import live_model
from training.serving.service import Bot

_QUESTIONS = [
    {"text": "Wer leitet die Allianz?", "expect": ["alliance_lead"], "voice": "formal"},
    {"text": "Wie wird morgen das Wetter in Fulda?", "expect": ["decline"], "voice": "oos_far"},
    {
        "turns": [
            {"text": "Wer hat die Allianz gegründet?", "expect": ["alliance_founder"]},
            {"text": "Und seit wann?", "expect": ["alliance_founding_year"]},
        ]
    },
    {"text": "👍👍👍", "expect": ["alliance_lead"], "voice": "phone"},
]


@pytest.fixture
def model(tmp_path: Path) -> Path:
    """The live model, which the session's bot serves, in a folder of its own, with a card."""
    live = live_model()
    assert live is not None
    model = tmp_path / live.name
    os.link(live, model)
    model.with_name(model.name.removesuffix(".tar.gz") + ".json").write_text('{"fingerprint": "none"}', encoding="utf-8")
    return model


@pytest.fixture
def questions(tmp_path: Path) -> Path:
    folder = tmp_path / "questions"
    folder.mkdir()
    _write(folder / "some.jsonl", _QUESTIONS)
    _write(folder / "regression.jsonl", [{"text": "Was kostet ein Hund?", "expect": ["alliance_lead"], "voice": "review"}])
    return folder


def _write(path: Path, items: list[dict[str, Any]]) -> None:
    path.write_text("".join(json.dumps(each, ensure_ascii=False) + "\n" for each in items), encoding="utf-8")


def _turns(judgement: Judgement) -> list[tuple[str, str, tuple[str, ...], bool]]:
    return [(each.place, each.zone, each.got, each.right) for each in judgement.turns]


def test_all_questions_are_put_and_what_came_is_kept(bot: Bot, model: Path, questions: Path) -> None:
    judged = judge_model(model, questions, bot)

    assert _turns(judged) == [
        ("regression.jsonl:1", "decline", ("decline",), False),
        ("some.jsonl:1", "answer", ("alliance_lead",), True),
        ("some.jsonl:2", "decline", ("decline",), True),
        ("some.jsonl:3:1", "answer", ("alliance_founder",), True),
        ("some.jsonl:3:2", "answer", ("alliance_founding_year",), True),
        ("some.jsonl:4", "guard", ("guard_symbols",), False),
    ]
    assert [each.probability is None for each in judged.turns] == [False, False, False, False, False, True]
    assert judged.turns[1].intent == "alliance_lead"
    assert all(each.seconds > 0 for each in judged.turns)
    asked = {name: {each.place: each.text for each in turns} for name, turns in judged.perturbed.items()}
    assert set(asked) == set(PERTURBATIONS)
    assert asked["lower"] == {
        "some.jsonl:1": "wer leitet die allianz?",
        "some.jsonl:2": "wie wird morgen das wetter in fulda?",
        "some.jsonl:4": "👍👍👍",
    }
    assert judge_model(model, questions, bot) == judged
    assert read_card(model).metrics == {f"test_{name}": round(each, 5) for name, each in judged.metrics().items()}
    assert sorted(path.name for path in model.parent.glob("*.judgement.json*")) == [
        model.name.removesuffix(".tar.gz") + ".judgement.json"
    ]


def test_model_is_judged_again_when_a_question_has_changed(bot: Bot, model: Path, questions: Path) -> None:
    judge_model(model, questions, bot)
    _write(questions / "some.jsonl", [{"text": "Wer leitet die Allianz?", "expect": ["service_fax"], "voice": "formal"}])

    assert _turns(judge_model(model, questions, bot))[1:] == [("some.jsonl:1", "answer", ("alliance_lead",), False)]


def test_judgement_that_cannot_be_read_is_made_again(bot: Bot, model: Path, questions: Path) -> None:
    judged = judge_model(model, questions, bot)
    kept = next(model.parent.glob("*.judgement.json"))
    kept.write_text(kept.read_text(encoding="utf-8")[:200], encoding="utf-8")

    assert _turns(judge_model(model, questions, bot)) == _turns(judged)


def test_both_models_are_timed_with_the_same_questions(bot: Bot) -> None:
    seconds = time_both(bot, bot, ["Wer leitet die Allianz?", "Wo ist die Servicestelle?"])

    assert len(seconds.live) == len(seconds.candidate) == 2
    assert all(0 < each < 60 for each in [*seconds.live, *seconds.candidate])


def test_conversations_are_replayed_with_both_models_each_in_its_own_memory(bot: Bot) -> None:
    conversation = [Asked("Wer hat die Allianz gegründet?", "standard"), Asked("Und seit wann?", "einfach")]

    answered = replay(bot, bot, [conversation, [Asked("Who leads the alliance?", "en")]])

    assert [(asked.text, live.got) for asked, live, _ in answered] == [
        ("Wer hat die Allianz gegründet?", ("alliance_founder",)),
        ("Und seit wann?", ("alliance_founding_year",)),
        ("Who leads the alliance?", ("alliance_lead",)),
    ]
    assert all(live == candidate for _, live, candidate in answered)
