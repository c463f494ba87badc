"""The stock project is one that Rasa accepts, with an answer for each of our intents."""

from __future__ import annotations

from pathlib import Path

from rasa.shared.importers.rasa import RasaFileImporter

from benchmarks.stock import stock_config, write_stock_project

_NLU = """version: "3.1"
nlu:
- intent: greet
  examples: |
    - Guten Tag
- intent: member
  examples: |
    - Ist der [Mieterbund](organisation) dabei?
"""


def test_rasa_reads_a_domain_with_one_answer_and_one_rule_for_each_intent(tmp_path: Path) -> None:
    nlu = tmp_path / "nlu"
    nlu.mkdir()
    (nlu / "all.yml").write_text(_NLU, encoding="utf-8")
    folder = tmp_path / "stock"

    write_stock_project(folder, nlu)

    importer = RasaFileImporter(str(folder / "config.yml"), str(folder / "domain.yml"), [str(folder / "data")])
    domain = importer.get_domain()
    steps = [
        [getattr(event, "intent_name", None) or getattr(event, "action_name", None) for event in story.events]
        for story in importer.get_stories().story_steps
    ]
    assert {"greet", "member"} <= set(domain.intents)
    assert domain.entities == ["organisation"]
    assert set(domain.responses) == {"utter_greet", "utter_member", "utter_default"}
    for intent, answer in (("greet", "utter_greet"), ("member", "utter_member"), ("nlu_fallback", "utter_default")):
        assert any(intent in step and answer in step for step in steps)
    assert {example.get("intent") for example in importer.get_nlu_data().intent_examples} == {"greet", "member"}


def test_epochs_reach_diet_and_nothing_else() -> None:
    full, short = stock_config(), stock_config(2)

    differing = [(ours, theirs) for ours, theirs in zip(full["pipeline"], short["pipeline"]) if ours != theirs]
    assert [(each["name"], each["epochs"], other["epochs"]) for each, other in differing] == [("DIETClassifier", 100, 2)]
    assert {**full, "pipeline": []} == {**short, "pipeline": []}
