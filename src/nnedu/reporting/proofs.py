"""What was proved of a course beside `verify`: its mutants, and what training reaches."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

from nnedu.reporting.tables import text_table

if TYPE_CHECKING:
    from collections.abc import Sequence


class Judged(Protocol):
    """What came of the mutants of a lesson."""

    lesson: str
    made: int
    killed: int
    stopped: int
    right: int
    wrong: int
    survivors: list[Any]
    seconds: float

    @property
    def share(self) -> float:
        """The share that was killed."""


class Run(Protocol):
    """What came of the checks of a lesson on many seeds."""

    lesson: str
    checks: int
    seeds: int
    reached: list[Any]
    problems: list[str]
    seconds: float


def mutants_table(reports: Sequence[Judged]) -> str:
    """Return the table of the mutants: a row a lesson. `share` is what was killed of those that are not right."""
    head = ("lesson", "mutants", "never end", "killed", "right", "share", "wrong", "unlabelled", "seconds")
    rows: list[tuple[object, ...]] = [
        (
            one.lesson,
            one.made,
            one.stopped,
            one.killed,
            one.right,
            f"{one.share:.1%}",
            one.wrong,
            len(one.survivors),
            f"{one.seconds:.1f}",
        )
        for one in reports
    ]
    return text_table(head, rows)


def calibration_table(runs: Sequence[Run]) -> str:
    """Return how often the solution passed, a row a lesson, and what training reached, a row a band."""
    head = ("lesson", "checks", "seeds", "failed", "seconds")
    passed = text_table(head, [(r.lesson, r.checks, r.seeds, len(r.problems), f"{r.seconds:.1f}") for r in runs])
    rows = []
    for one in (reached for run in runs for reached in run.reached):
        low, high = one.margins
        numbers = [f"{value:.4g}" for value in (*one.band, one.smallest, one.median, one.largest)]
        rows.append((f"{one.check}: {one.name}", *numbers, f"{low:.1f}", f"{high:.1f}"))
    columns = ("training", "low", "high", "smallest", "median", "largest", "sd to low", "sd to high")
    return f"{passed}\n\n{text_table(columns, rows)}" if rows else passed
