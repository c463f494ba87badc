"""Folds: near-duplicates stay together, intents are spread, and odd sets get fewer folds or none."""

from __future__ import annotations

import numpy as np

from components.folds import grouped_folds, near_duplicate_groups

from .conftest import Examples

_QUESTIONS = ["Wer leitet die Allianz?", "Wie viele Mitglieder?", "Wann gegründet?", "Welche Ziele?", "Wo sitzt das Büro?"]


def test_near_duplicates_share_a_group() -> None:
    groups = near_duplicate_groups(["Wer leitet die Allianz?", "wer leitet die Alianz", "WER LEITET DIE ALLIANZ!", "Guten Tag"])

    assert len(set(groups[:3])) == 1
    assert groups[3] != groups[0]


def test_chain_of_near_duplicates_is_one_group() -> None:
    chain = ["ich suche eine wohnung in kassel", "ich suche eine wohnung in", "ich suche eine wohnung", "ich suche eine"]

    assert len(set(near_duplicate_groups([chain[0], chain[-1]], near=0.65))) == 2
    assert len(set(near_duplicate_groups(chain, near=0.65))) == 1


def test_texts_without_words_have_groups() -> None:
    assert len(near_duplicate_groups(["Guten Tag", "", "🙂"])) == 3


def test_every_text_is_tested_exactly_once(examples: Examples) -> None:
    folds = grouped_folds(examples.texts, examples.intents, 5, seed=1)

    assert len(folds) == 5
    assert sorted(np.concatenate(folds)) == list(range(len(examples.texts)))


def test_no_group_stands_on_both_sides(examples: Examples) -> None:
    texts = [*examples.texts, *(f"{text.lower()} bitte"[:-6] + "!!" for text in examples.texts)]
    groups = near_duplicate_groups(texts)
    folds = grouped_folds(texts, examples.intents * 2, 4, seed=1)

    assert len(set(groups)) < len(texts)
    assert len(folds) == 4
    for test in folds:
        assert not set(groups[test]) & set(np.delete(groups, test))


def test_every_fold_has_every_intent(examples: Examples) -> None:
    for test in grouped_folds(examples.texts, examples.intents, 3, seed=1):
        assert {examples.intents[index] for index in test} == set(examples.intents)


def test_same_seed_gives_the_same_folds(examples: Examples) -> None:
    one, other = (grouped_folds(examples.texts, examples.intents, 5, seed=3) for _ in range(2))

    assert all(np.array_equal(left, right) for left, right in zip(one, other, strict=True))


def test_few_examples_give_fewer_folds() -> None:
    assert len(grouped_folds([*_QUESTIONS[:3], "Hallo", "Moin", "Servus"], ["q"] * 3 + ["greet"] * 3, 5, seed=1)) == 3


def test_one_example_per_intent_gives_no_folds() -> None:
    assert grouped_folds(_QUESTIONS, list("abcde"), 5, seed=1) == []


def test_fold_that_would_leave_a_single_intent_gives_no_folds() -> None:
    assert grouped_folds([*_QUESTIONS, "Moin"], ["q"] * 5 + ["greet"], 3, seed=1) == []


def test_no_fold_is_empty_where_near_duplicates_fill_few_groups() -> None:
    texts = ["Wer leitet das?"] * 5 + ["Moin"] * 3 + ["Hallo"] * 2 + ["Danke schön"] * 5
    folds = grouped_folds(texts, ["q"] * 5 + ["greet"] * 5 + ["thanks"] * 5, 5, seed=1)

    assert folds
    assert all(len(test) for test in folds)
