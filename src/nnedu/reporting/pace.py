"""How far a long run is, in lines: each one of a few, and now and then one of many."""

from __future__ import annotations

FEW = 40
STEPS = 20


class Lines:
    """The lines of a run of so many parts that began at a moment; every moment is given, so that no clock is read."""

    def __init__(self, total: int, began: float) -> None:
        self._total = total
        self._began = began
        self._done = 0

    @property
    def each(self) -> bool:
        """Whether every part is said, and not only how many there are."""
        return self._total <= FEW

    def after(self, part: str, now: float) -> str:
        """Return what to say after another part is done, often nothing."""
        before, self._done = self._done, self._done + 1
        if self.each:
            return f"graded {part}"
        if before * STEPS // self._total == self._done * STEPS // self._total:
            return ""
        rate = self._done / max(now - self._began, 1e-9)
        left = duration((self._total - self._done) / rate)
        return f"graded {self._done} of {self._total}, {rate:.1f}/s" + (f", {left} left" if left else "")


def duration(seconds: float) -> str:
    """Return a duration in the words that one would use, nothing for none."""
    whole = round(seconds)
    if whole < 60:  # noqa: PLR2004 - seconds of a minute
        return f"{whole} s" if whole else ""
    minutes = round(seconds / 60)
    return f"{minutes} min" if minutes < 120 else f"{minutes // 60} h {minutes % 60} min"  # noqa: PLR2004 - two hours
