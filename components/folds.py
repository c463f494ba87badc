"""Splits examples so that near-duplicates never stand on both sides."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import numpy as np
import scipy.sparse as sparse
from scipy.sparse.csgraph import connected_components
from sklearn.model_selection import StratifiedGroupKFold

from components.folding import fold
from components.near_duplicates import near_pairs

#: Cosine of letter n-grams from which two texts count as near-duplicates.
NEAR = 0.75


def near_duplicate_groups(texts: Sequence[str], near: float = NEAR) -> np.ndarray:
    """A group number for each text, shape (len(texts),); texts linked by a chain of near-duplicates share one."""
    left, right, _ = near_pairs([fold(text) or " " for text in texts], near)
    similar = sparse.csr_matrix((np.ones(len(left)), (left, right)), shape=(len(texts), len(texts)))
    groups: np.ndarray = connected_components(similar, directed=False)[1]
    return groups


def grouped_folds(texts: Sequence[str], intents: Sequence[str], folds: int, seed: int) -> list[np.ndarray]:
    """Test indices of each fold, stratified by intent, near-duplicates together.

    Fewer folds than asked for where an intent has fewer examples or its near-duplicates fill a fold; none where most
    intents have one example only, or where a fold would leave a single intent to learn from.
    """
    counts = Counter(intents)
    typical = int(np.median(list(counts.values())))
    folds = min(folds, typical)
    if folds < 2:
        return []
    splitter = StratifiedGroupKFold(folds, shuffle=True, random_state=seed)
    labels = np.asarray(intents)
    parts = [test for _, test in splitter.split(labels, labels, near_duplicate_groups(texts)) if len(test)]
    return parts if all(len(set(np.delete(labels, test))) > 1 for test in parts) else []
