"""Which intent a text has, how sure that is, and whether to answer, to ask back or to decline.

Three experts look at a text: a kernel machine at which examples its sentence vector (what is meant, in any of 16 languages)
and its n-grams (how it is written: names, dialect) are like, a linear one at the same, trained on misspelt copies as well, and
a logistic regression at the vector alone, which needs few examples. Their scores are blended with weights that make the
out-of-fold probabilities true; the thresholds of the three zones come from out-of-fold scores, too.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, overload

import numpy as np
import scipy.sparse as sparse
from joblib import Parallel, delayed
from scipy.special import expit, softmax
from sklearn.linear_model import LogisticRegression
from sklearn.svm import LinearSVC
from threadpoolctl import threadpool_limits

from components.augmentation import phone_typed
from components.calibration import expected_calibration_error, fit_blend, threshold_for_leak
from components.encoder import encode
from components.folds import grouped_folds
from components.kernel import fit_kernel, kernel_scores
from components.ngrams import Ngrams
from components.spelling import Spelling

Zone = Literal["answer", "clarify", "decline"]
Progress = Callable[[str], None]

FORMAT = 6
SEED = 42
FOLDS = 5
_EXPERTS = 3

#: How much likeness of the n-grams counts beside that of the sentence vector in the first expert, and how much the n-grams
#: weigh beside the vector (both of length 1) in the second, where an intent has as many examples as it takes to know its
#: words; with fewer both are less.
_NGRAM_LIKENESS = 0.2
_NGRAM_WEIGHT = 1.25
_ENOUGH_EXAMPLES = 100
#: Directions of the sentence vector that the experts see (the second one fewer): with all 512 the first takes almost three
#: times as long to answer, the second twice as long to train, and neither gets better.
_MEANING_AXES = 192
_WRITING_AXES = 128
#: Arrays that are stored with half of the precision: they are most of the model.
_HALVED = ("known", "known_ngrams")
#: How much the copies typed as on a phone weigh beside the examples as written.
_PHONE_WEIGHT = 0.5
#: For so many examples, starting a second process takes longer than it saves.
_FEW = 1_000
#: Blend of the three experts where there are too few examples to fit one.
_DEFAULT_BLEND = np.array([3.7, 0.9, 0.6])
#: Weights of `_evidence` where there are too few examples to fit them.
_DEFAULT_SCOPE = np.array([1.0, 0.0, 0.0, 0.0])
#: Share of the out-of-scope examples that may get an answer, and that may get an answer or „Meinten Sie ...?“.
_ANSWER_LEAK = 0.09
_CLARIFY_LEAK = 0.14
#: Titles that „Meinten Sie ...?“ offers, and the share of the out-of-scope examples that may get them where no single
#: one is likely enough, but one of them is.
_OFFERED = 3
_SEVERAL_LEAK = 0.01
#: How much likelier than the next one the best intent must be to have no rival.
_CLEAR = 2.0
_DEFAULT_THRESHOLDS = {"answer": 0.5, "clarify": 0.25, "several": 0.8}


@dataclass(frozen=True)
class Verdict:
    """What the model says of one text.

    `ranking`: all intents with their probabilities, most likely first. `in_scope`: probability, 0 to 1, that the most
    likely intent that is in scope is the right one. `zone`: what to do. `intent`: the most likely intent for the zone.
    """

    ranking: list[tuple[str, float]]
    in_scope: float
    zone: Zone

    @property
    def intent(self) -> str:
        return self.ranking[0][0]

    @property
    def confidence(self) -> float:
        return self.ranking[0][1]


def is_out_of_scope(intent: str) -> bool:
    """Out-of-scope intents are told by their name: „oos_...“ or „out_of_scope“."""
    return intent.startswith("oos_") or intent == "out_of_scope"


class IntentModel:
    """Trained experts, their blend and thresholds. Make one with `train` or `load`."""

    def __init__(self, arrays: dict[str, np.ndarray], meta: dict[str, object], ngrams: Ngrams, spelling: Spelling) -> None:
        self._arrays = arrays
        self.meta = meta
        self._ngrams = ngrams
        self._spelling = spelling
        self.intents: list[str] = [str(intent) for intent in meta["intents"]]  # type: ignore[attr-defined]
        self._outside = np.array([is_out_of_scope(intent) for intent in self.intents])
        self._thresholds = {name: float(meta["thresholds"][name]) for name in _DEFAULT_THRESHOLDS}  # type: ignore[index]

    @classmethod
    def train(
        cls,
        texts: Sequence[str],
        intents: Sequence[str],
        progress: Progress = lambda step: None,
        vectors: np.ndarray | None = None,
    ) -> IntentModel:
        """Learns from texts and their intents (same length, at least two intents). Same input, same model.

        `vectors`: sentence vectors of `texts` where already known. Raises ValueError for fewer than two intents.
        """
        if len(set(intents)) < 2:
            raise ValueError("training needs examples of at least two intents")
        vectors, phone, phone_vectors = _prepare(texts, progress, vectors)
        out_of_fold = _out_of_fold(texts, intents, vectors, phone, phone_vectors, progress)
        progress("training on all examples")
        model = _fit(texts, intents, vectors, phone, phone_vectors)
        if out_of_fold is not None:
            model._calibrate(out_of_fold[0], np.array([model.intents.index(intent) for intent in intents]))
            model.meta["out_of_fold"] = _figures(model.judge(out_of_fold[0]), intents)
        return model

    @classmethod
    def calibrated(cls, intents: Sequence[str], scores: np.ndarray, gold: np.ndarray) -> IntentModel:
        """Blend and thresholds alone, fitted to `scores`, shape (3, texts, intents), of texts with the intent numbers
        `gold`, shape (texts,). It judges scores, but reads no texts.

        Fitted to some out-of-fold scores and put to judge the others, it tells how good verdicts on new texts are.
        """
        nothing = Ngrams({"letters": [], "words": []}, {"letters": np.zeros(0), "words": np.zeros(0)})
        meta: dict[str, object] = {"intents": list(intents), "thresholds": dict(_DEFAULT_THRESHOLDS)}
        model = cls({"blend": _DEFAULT_BLEND, "scope": _DEFAULT_SCOPE}, meta, nothing, Spelling.learn([]))
        model._calibrate(scores, gold)
        return model

    def scores(self, texts: Sequence[str], vectors: np.ndarray | None = None) -> np.ndarray:
        """Scores of the three experts, shape (3, texts, intents), after misspelt words are put right.

        `vectors`: sentence vectors of `texts` where already known; those of corrected texts are made anew.
        """
        corrected = [self.read(text) for text in texts]
        if vectors is None:
            vectors = encode(corrected)
        else:
            changed = [place for place, text in enumerate(texts) if corrected[place] != text]
            if changed:
                vectors = vectors.copy()
                vectors[changed] = encode([corrected[place] for place in changed])
        return self._scores(vectors, self._ngrams.transform(corrected))

    def read(self, text: str) -> str:
        """`text` as the experts see it, with misspelt words put right."""
        return self._spelling.correct(text)

    def probabilities(self, scores: np.ndarray) -> np.ndarray:
        """Shape (texts, intents), each row sums to 1; `scores` as from `scores`."""
        blended = np.tensordot(self._arrays["blend"], scores, axes=1)
        probabilities: np.ndarray = softmax(blended, axis=1)
        return probabilities

    def verdicts(self, texts: Sequence[str], vectors: np.ndarray | None = None) -> list[Verdict]:
        """One verdict per text."""
        if not texts:
            return []
        return self.judge(self.scores(texts, vectors))

    def verdict_behind(self, text: str, before: str) -> Verdict:
        """Of `text`, read both alone and behind `before`: what „dort“ or „die Dame“ means stands there."""
        alone, behind = self.scores([text, f"{before} {text}"]).transpose(1, 0, 2)
        return self.judge(((alone + behind) / 2)[:, None, :])[0]

    def judge(self, scores: np.ndarray) -> list[Verdict]:
        """The verdicts that follow from expert scores, shape (3, texts, intents)."""
        probabilities = self.probabilities(scores)
        sure = self._in_scope(probabilities, scores)
        verdicts = []
        for row, in_scope, several in zip(probabilities, sure, _best(probabilities, self._outside)):
            order = np.argsort(-row, kind="stable")
            ranking = [(self.intents[index], float(row[index])) for index in order]
            clear = ranking[0][1] >= _CLEAR * ranking[1][1]
            verdicts.append(
                Verdict(ranking, float(in_scope), self._zone(bool(self._outside[order[0]]), in_scope, several, clear))
            )
        return verdicts

    def save(self, folder: Path) -> None:
        """Writes arrays and JSON into `folder`; no pickle."""
        meta = {**self.meta, "format": FORMAT}
        (folder / "intents.json").write_text(json.dumps(meta, ensure_ascii=False), encoding="utf-8")
        halved = {name: self._arrays[name].astype(np.float16) for name in _HALVED}
        np.savez(folder / "intents.npz", **{**self._arrays, **halved})
        np.savez(folder / "ngrams.npz", **self._ngrams.arrays())
        np.savez(folder / "spelling.npz", **self._spelling.arrays)

    @classmethod
    def load(cls, folder: Path) -> IntentModel:
        """What `save` wrote. Raises FileNotFoundError, or ValueError for another format or a damaged file."""
        try:
            meta = json.loads((folder / "intents.json").read_text(encoding="utf-8"))
            written = meta.pop("format")
        except FileNotFoundError:
            raise
        except Exception as error:
            raise ValueError(f"the stored intent model is damaged: {error!r}") from error
        if written != FORMAT:
            raise ValueError(f"the stored intent model has format {written}, this version reads {FORMAT}")
        try:
            arrays, ngrams, spelling = (_stored(folder / f"{name}.npz") for name in ("intents", "ngrams", "spelling"))
            arrays.update({name: arrays[name].astype(np.float32) for name in _HALVED})
            return cls(arrays, meta, Ngrams.stored(ngrams), Spelling(spelling))
        except FileNotFoundError:
            raise
        except Exception as error:
            raise ValueError(f"the stored intent model is damaged: {error!r}") from error

    def _scores(self, vectors: np.ndarray, ngrams: sparse.csr_matrix) -> np.ndarray:
        arrays = self._arrays
        centred = _centred(vectors, arrays["mean"])
        meant = _unit(centred @ arrays["axes"])
        likeness = kernel_scores(meant, ngrams, arrays["known"], arrays["known_weights"], arrays["known_ngrams"])
        writing = centred @ arrays["joint_weights"] + ngrams @ arrays["ngram_weights"] + arrays["joint_bias"]
        return np.stack([likeness, writing, meant @ arrays["meaning_weights"] + arrays["meaning_bias"]])

    def _in_scope(self, probabilities: np.ndarray, scores: np.ndarray) -> np.ndarray:
        return expit(_evidence(probabilities, scores, self._outside) @ self._arrays["scope"])

    def _zone(self, outside: bool, in_scope: float, several: float, clear: bool) -> Zone:
        """`several`: probability that one of the best three in scope is right; close to sure, it is worth asking back.
        `clear`: whether the best one has no rival; then there is nothing to choose from."""
        likely = in_scope >= self._thresholds["clarify"]
        if outside or not (likely or several >= self._thresholds["several"]):
            return "decline"
        return "answer" if in_scope >= self._thresholds["answer"] or (likely and clear) else "clarify"

    def _calibrate(self, scores: np.ndarray, gold: np.ndarray) -> None:
        self._arrays["blend"] = fit_blend(scores, gold)
        probabilities = self.probabilities(scores)
        best = np.where(self._outside, -1.0, probabilities).argmax(axis=1)
        evidence = _evidence(probabilities, scores, self._outside)
        right = best == gold
        if 0 < right.sum() < len(right):
            fitted = LogisticRegression(C=1.0, fit_intercept=False, max_iter=500).fit(evidence, right)
            self._arrays["scope"] = fitted.coef_[0]
        sure = self._in_scope(probabilities, scores)
        strangers = self._outside[gold]
        taken = strangers & ~self._outside[probabilities.argmax(axis=1)]
        if strangers.any():
            reached = np.where(taken, sure, 0.0)[strangers]
            answer = threshold_for_leak(reached, _ANSWER_LEAK)
            clarify = threshold_for_leak(reached, _CLARIFY_LEAK)
            spread = np.where(taken & (sure < clarify), _best(probabilities, self._outside), 0.0)[strangers]
            several = max(threshold_for_leak(spread, _SEVERAL_LEAK), 0.5)
            self._thresholds = {"answer": max(answer, clarify), "clarify": clarify, "several": several}
        else:
            self._thresholds = dict(_DEFAULT_THRESHOLDS)
        self.meta["thresholds"] = self._thresholds


@overload
def out_of_fold_scores(
    texts: Sequence[str], intents: Sequence[str], progress: Progress = ..., variants: None = None
) -> np.ndarray | None: ...


@overload
def out_of_fold_scores(
    texts: Sequence[str], intents: Sequence[str], progress: Progress = ..., *, variants: Mapping[str, Sequence[str]]
) -> tuple[np.ndarray, dict[str, np.ndarray]] | None: ...


def out_of_fold_scores(
    texts: Sequence[str],
    intents: Sequence[str],
    progress: Progress = lambda step: None,
    variants: Mapping[str, Sequence[str]] | None = None,
) -> np.ndarray | tuple[np.ndarray, dict[str, np.ndarray]] | None:
    """Expert scores of each text by a model that saw neither it nor a near-duplicate, shape (3, texts, intents).

    `variants`: other spellings of all texts, by name; each is scored by the model that did not see its original, and
    the result is then (scores, scores by variant). Columns follow the sorted intents. None where there are too few
    examples for two folds.
    """
    spellings = list((variants or {}).values())
    scores = _out_of_fold(texts, intents, *_prepare(texts, progress), progress, spellings)
    if scores is None or variants is None:
        return None if scores is None else scores[0]
    return scores[0], dict(zip(variants, scores[1:]))


def _prepare(
    texts: Sequence[str], progress: Progress, vectors: np.ndarray | None = None
) -> tuple[np.ndarray, list[str], np.ndarray]:
    progress("encoding the examples")
    with threadpool_limits(2):
        vectors = encode(texts) if vectors is None else vectors
        phone = [phone_typed(text, SEED) for text in texts]
        return vectors, phone, encode(phone)


def _out_of_fold(
    texts: Sequence[str],
    intents: Sequence[str],
    vectors: np.ndarray,
    phone: Sequence[str],
    phone_vectors: np.ndarray,
    progress: Progress,
    spellings: Sequence[Sequence[str]] = (),
) -> np.ndarray | None:
    """Shape (1 + spellings, 3, texts, intents): the texts as written first. None where there are too few examples."""
    folds = grouped_folds(texts, intents, FOLDS, SEED)
    if not folds:
        return None
    columns = sorted(set(intents))
    # The experts give about -1 to what a text is not; an intent that a fold leaves without any example gets that, too.
    scores = np.full((1 + len(spellings), _EXPERTS, len(texts), len(columns)), -1.0)

    def one(test: np.ndarray) -> tuple[np.ndarray, list[str], np.ndarray]:
        kept = np.setdiff1d(np.arange(len(texts)), test)
        model = _fit(
            [texts[index] for index in kept],
            [intents[index] for index in kept],
            vectors[kept],
            [phone[index] for index in kept],
            phone_vectors[kept],
        )
        written = model.scores([texts[index] for index in test], vectors[test])
        others = [model.scores([spelling[index] for index in test]) for spelling in spellings]
        return test, model.intents, np.stack([written, *others])

    progress(f"training {len(folds)} models that each leave out a part")
    jobs = 2 if len(texts) > _FEW else 1
    workers = Parallel(n_jobs=jobs, prefer="processes", return_as="generator_unordered")
    for test, known, found in workers(delayed(one)(test) for test in folds):
        scores[np.ix_(range(len(scores)), range(_EXPERTS), test, [columns.index(intent) for intent in known])] = found
        progress("one part done")
    return scores


def _fit(
    texts: Sequence[str], intents: Sequence[str], vectors: np.ndarray, phone: Sequence[str], phone_vectors: np.ndarray
) -> IntentModel:
    """The three experts, with a default blend and default thresholds."""
    names, labels = np.unique(intents, return_inverse=True)
    mean = vectors.mean(axis=0)
    plain, typed = _centred(vectors, mean), _centred(phone_vectors, mean)
    # What an intent is called says what it means, too; that counts where there are few examples.
    called = _centred(encode([name.replace("_", " ") for name in names]), mean)
    known, known_labels = np.vstack([plain, called]), np.append(labels, np.arange(len(names)))
    axes = _principal_axes(plain, _MEANING_AXES)
    meant = _rounded(_unit(known @ axes))
    ngrams = Ngrams.fit(texts)
    enough = min(1.0, np.sqrt(len(texts) / len(names) / _ENOUGH_EXAMPLES))
    as_written = sparse.vstack([ngrams.transform(texts), ngrams.transform([""] * len(names))], format="csr")
    # First of all, since it takes the most memory.
    known_weights, known_ngrams = fit_kernel(meant, as_written, _NGRAM_LIKENESS * enough, known_labels, len(names))
    meaning_weights, meaning_bias = _fit_meaning(meant, known_labels)
    seen = axes[:, :_WRITING_AXES]
    ngram_weight = _NGRAM_WEIGHT * enough
    written = sparse.vstack([as_written, ngrams.transform(phone)])
    joint = sparse.hstack([sparse.csr_matrix(np.vstack([known, typed]) @ seen), written * ngram_weight], format="csr")
    weights = np.repeat([1.0, _PHONE_WEIGHT], [len(known), len(typed)])
    writing = LinearSVC(C=0.3, tol=1e-2, random_state=SEED).fit(joint, np.append(known_labels, labels), sample_weight=weights)
    dense, joint_bias = _columns(writing)
    width = seen.shape[1]
    arrays = {
        "mean": mean.astype(np.float32),
        "axes": np.ascontiguousarray(axes),
        # A message is compared with all of them: twice as fast where memory holds one direction behind the other.
        "known": np.asfortranarray(meant),
        "known_weights": known_weights,
        "known_ngrams": _rounded(known_ngrams),
        "meaning_weights": meaning_weights,
        "meaning_bias": meaning_bias,
        "joint_weights": np.ascontiguousarray(seen @ dense[:width]),
        "joint_bias": joint_bias,
        "ngram_weights": np.ascontiguousarray(dense[width:] * ngram_weight),
        "blend": _DEFAULT_BLEND,
        "scope": _DEFAULT_SCOPE,
    }
    meta: dict[str, object] = {"intents": names.tolist(), "thresholds": dict(_DEFAULT_THRESHOLDS)}
    return IntentModel(arrays, meta, ngrams, Spelling.learn(texts))


def _rounded(array: np.ndarray) -> np.ndarray:
    """With the precision of what is stored, so that a model answers the same after it was stored."""
    return array.astype(np.float16).astype(np.float32)


def _fit_meaning(vectors: np.ndarray, labels: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Weights, shape (width, intents), and biases, shape (intents,)."""
    return _columns(LogisticRegression(C=10.0, tol=0.1, max_iter=1000, random_state=SEED).fit(vectors, labels))


def _columns(fitted: LinearSVC | LogisticRegression) -> tuple[np.ndarray, np.ndarray]:
    """Weights and biases with a column for each intent; scikit-learn keeps one for two of them."""
    weights, bias = fitted.coef_.T.astype(np.float32), fitted.intercept_.astype(np.float32)
    return (weights, bias) if len(bias) > 1 else (np.hstack([-weights, weights]), np.append(-bias, bias))


def _stored(path: Path) -> dict[str, np.ndarray]:
    with path.open("rb") as file, np.load(file, allow_pickle=False) as stored:
        return {name: stored[name] for name in stored.files}


def _figures(verdicts: Sequence[Verdict], intents: Sequence[str]) -> dict[str, float]:
    """How good `verdicts` on texts with the given intents are, shares from 0 to 1: the most likely intent is right, texts
    out of scope and in scope are declined; and the expected calibration error. What there are no texts for is left out."""
    right = np.array([verdict.intent == intent for verdict, intent in zip(verdicts, intents)])
    declined = np.array([verdict.zone == "decline" for verdict in verdicts])
    outside = np.array([is_out_of_scope(intent) for intent in intents])
    error = expected_calibration_error(np.array([verdict.confidence for verdict in verdicts]), right)
    figures = {"right": float(right.mean()), "calibration_error": error}
    if outside.any():
        figures["declined"] = float(declined[outside].mean())
    if not outside.all():
        figures["wrongly_declined"] = float(declined[~outside].mean())
    return figures


def _best(probabilities: np.ndarray, outside: np.ndarray) -> np.ndarray:
    """Summed probability of the best `_OFFERED` intents in scope, shape (texts,)."""
    inside = np.sort(probabilities[:, ~outside], axis=1)
    total: np.ndarray = inside[:, -_OFFERED:].sum(axis=1)
    return total


def _centred(vectors: np.ndarray, mean: np.ndarray) -> np.ndarray:
    """Without the mean of all sentences, and of length 1: raw vectors all point the same way."""
    return _unit(vectors - mean)


def _unit(vectors: np.ndarray) -> np.ndarray:
    return vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-9)


def _principal_axes(centred: np.ndarray, count: int) -> np.ndarray:
    """The `count` directions in which `centred`, shape (texts, width), varies most, most first, shape (width, count)."""
    values, axes = np.linalg.eigh(centred.T @ centred)
    kept: np.ndarray = axes[:, np.argsort(-values)[:count]]
    return kept


def _evidence(probabilities: np.ndarray, scores: np.ndarray, outside: np.ndarray) -> np.ndarray:
    """What speaks for the best intent in scope, shape (texts, 4): its log-odds, how likely anything out of scope is, what the
    first expert gives it (low where no example is like the text), and 1."""
    inside = np.where(outside, 0.0, probabilities)
    best = inside.argmax(axis=1)
    rows = np.arange(len(best))
    top = np.clip(inside[rows, best], 1e-6, 1 - 1e-6)
    beyond = np.clip(probabilities[:, outside].sum(axis=1), 1e-6, 1.0) if outside.any() else np.full(len(best), 1e-6)
    return np.column_stack([np.log(top / (1 - top)), np.log(beyond), scores[0][rows, best], np.ones(len(best))])
