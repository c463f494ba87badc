"""Judgements for tests, made by hand."""

from __future__ import annotations

from typing import Any

from training.evaluation.judgement import Judged, Judgement


def turn(place: str, wanted: str = "alliance_lead", got: str = "", **fields: Any) -> Judged:
    """A turn that is right, unless something else than `wanted` was `got`."""
    got = got or wanted
    zone = got if got in ("decline", "clarify") else "answer"
    intent = {"decline": "oos_money", "clarify": wanted}.get(got, got)
    defaults: dict[str, Any] = {
        "text": f"Frage {place}?",
        "voice": "phone",
        "kind": "single",
        "also": (),
        "zone": zone,
        "intent": intent,
        "probability": 0.9,
        "right": got == wanted,
        "seconds": 0.05,
    }
    return Judged(place=place, wanted=(wanted,), got=(got,), **{**defaults, **fields})


def judgement(*turns: Judged, model: str = "live.tar.gz", perturbed: dict[str, tuple[Judged, ...]] | None = None) -> Judgement:
    return Judgement(model, "2026-11-23T10:00:00+00:00", "key", turns, perturbed or {})
