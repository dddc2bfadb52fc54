"""What a check draws: written down when a course is released, and given again without the seed and on any numpy."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any

import numpy as np

from nnedu.errors import CourseFault

if TYPE_CHECKING:
    from collections.abc import Callable

    from nnedu.diagnosis.trace import Trace


class RecordedRng:
    """A generator whose draws are written down, so that a replay needs neither the seed nor the same numpy."""

    def __init__(self, generator: np.random.Generator, trace: Trace) -> None:
        self._generator = generator
        self._trace = trace

    def __getattr__(self, name: str) -> Callable[..., Any]:
        method = getattr(self._generator, name)
        if name == "shuffle" or not callable(method):
            text = f"A check uses rng.{name}, which cannot be recorded; use rng.permutation or a draw."
            raise CourseFault(text)

        def draw(*args: Any, **kwargs: Any) -> Any:
            value = method(*args, **kwargs)
            self._trace.draws.append((name, copy.copy(value)))
            return value

        return draw

    def as_generator(self) -> np.random.Generator:
        """Return a copy of the generator as it is now: what crosses when `rng` is passed to the student."""
        twin = copy.deepcopy(self._generator)
        self._trace.generators[len(self._trace.draws)] = copy.deepcopy(twin)
        return twin


class ReplayRng:
    """The recorded draws, again."""

    def __init__(self, trace: Trace) -> None:
        self._trace = trace
        self._used = 0

    def __getattr__(self, name: str) -> Callable[..., Any]:
        if name.startswith("__"):
            raise AttributeError(name)

        def draw(*_: Any, **__: Any) -> Any:
            recorded = self._trace.draws[self._used] if self._used < len(self._trace.draws) else ("", None)
            if recorded[0] != name:
                text = f"The recording does not hold this draw of rng.{name}."
                raise CourseFault(text, "The course must be released again.")
            self._used += 1
            return copy.copy(recorded[1])

        return draw

    def as_generator(self) -> np.random.Generator:
        """Return the recorded generator at this point."""
        generator = self._trace.generators.get(self._used)
        if not isinstance(generator, np.random.Generator):
            text = "The recording does not hold the generator that the check passes on."
            raise CourseFault(text, "The course must be released again.")
        return copy.deepcopy(generator)
