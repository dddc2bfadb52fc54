"""The tasks of this lesson: what a transformer is to make of six symbols. Given; there is nothing to write here.

Symbols are whole numbers from 0 to VOCAB - 1, and a sequence has LENGTH of them.
"""

import numpy as np

VOCAB = 8
LENGTH = 6
SHIFT = 2
TASKS = ("reverse", "shift", "sort", "copy")


def sample(task: str, rng: np.random.Generator, m: int) -> tuple[np.ndarray, np.ndarray]:
    """Draw m sequences, and what the task makes of each: (ids, targets), ints of shape (m, LENGTH).

    - `reverse`: from the last symbol to the first;
    - `shift`: all symbols move SHIFT places to the right, and those that fall off come in on the left;
    - `sort`: from the smallest symbol to the largest;
    - `copy`: the first symbol, in every place.

    Args:
        task: one of TASKS.
        rng: the source of the symbols. Each call draws others.
        m: how many sequences.

    Examples:
        >>> ids, targets = sample("reverse", np.random.default_rng(0), 500)
        >>> ids.shape, bool(np.all(targets == ids[:, ::-1]))
        ((500, 6), True)

    Raises:
        ValueError: if there is no such task.
    """
    ids = rng.integers(0, VOCAB, size=(m, LENGTH))
    if task == "reverse":
        return ids, ids[:, ::-1].copy()
    if task == "shift":
        return ids, np.roll(ids, SHIFT, axis=1)
    if task == "sort":
        return ids, np.sort(ids, axis=1)
    if task == "copy":
        return ids, np.repeat(ids[:, :1], LENGTH, axis=1)
    raise ValueError(f"no task is called {task!r}; there are {', '.join(TASKS)}")
