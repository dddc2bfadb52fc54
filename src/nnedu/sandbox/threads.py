"""How many threads linear algebra takes: one."""

from __future__ import annotations

import os

THREADS = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS")


def one_thread() -> None:
    """Have numpy take one thread in this process, if it is not loaded yet and nobody asked for another number.

    The arrays of a course are small: on busy cores its threads wait for each other many times longer than they work.
    """
    for name in THREADS:
        os.environ.setdefault(name, "1")
