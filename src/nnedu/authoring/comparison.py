"""What a report found of a simulated class, held against what is known of it."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

import msgspec
import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from nnedu.authoring.population import Truth


class _Person(msgspec.Struct):
    login: str
    shown: str
    arrival: str
    attempts: int
    cells: list[tuple[str, int, int] | None]
    note: str


class _Column(msgspec.Struct):
    id: str
    max_points: int
    difficulty: float | None


class _Fault(msgspec.Struct):
    exercise: str
    check: str
    students: list[str]


class _Alike(msgspec.Struct):
    students: list[str]


class _Reliability(msgspec.Struct):
    alpha: float | None
    low: float | None
    high: float | None
    students: int


class Report(msgspec.Struct):
    """The parts of `nnedu report LESSON --json` that can be held against the truth."""

    people: list[_Person]
    columns: list[_Column]
    reliability: _Reliability
    faults: list[_Fault]
    alike: list[_Alike]


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was known, and whether the report says it."""

    what: str
    known: str
    found: str
    holds: bool


def compare(truth: Truth, report: Report, least_rank: float = 0.95) -> tuple[Finding, ...]:
    """Hold a report against the truth, thing by thing."""
    return tuple(_findings(truth, report, least_rank))


def rank_correlation(first: Sequence[float], second: Sequence[float]) -> float:
    """Return Spearman's rank correlation; equal values share the mean of their ranks."""
    return float(np.corrcoef(_ranks(np.asarray(first)), _ranks(np.asarray(second)))[0, 1])


def _ranks(values: np.ndarray) -> np.ndarray:
    _, which, counts = np.unique(values, return_inverse=True, return_counts=True)
    return (np.cumsum(counts) - (counts - 1) / 2)[which]


def _findings(truth: Truth, report: Report, least_rank: float) -> Iterator[Finding]:
    measured = {one.id: 1 - one.difficulty for one in report.columns if one.difficulty is not None}
    names = [name for name in truth.difficulty if name in measured]
    rank = rank_correlation([truth.difficulty[name] for name in names], [measured[name] for name in names])
    ranked = len(names) == len(truth.difficulty) and rank >= least_rank
    yield Finding("difficulty of the exercises, by rank", f"{len(truth.difficulty)}", f"ρ = {rank:.3f}", ranked)
    for what, known, found in (
        ("missing", truth.missing, {one.login for one in report.people if one.arrival == "missing"}),
        ("late", truth.late, {one.login for one in report.people if one.arrival == "late"}),
        ("not readable", truth.unreadable, {one.login for one in report.people if one.arrival == "unreadable"}),
        ("not on the roster", truth.unlisted, {one.login for one in report.people if "not on the roster" in one.note}),
    ):
        yield Finding(what, str(len(known)), str(len(found)), known == found)
    attempts = {one.login: one.attempts for one in report.people}
    handed_in = {one.login: len(one.attempts) for one in truth.students}
    yield Finding("attempts", str(sum(handed_in.values())), str(sum(attempts.values())), attempts == handed_in)
    planted, alike = groups(truth), _alike(report)
    yield Finding(
        "groups that copied", str(len(planted)), f"{len(alike)}, {len(alike - planted)} wrongly", alike == planted
    )
    yield from _faults(truth, report)


def groups(truth: Truth) -> set[frozenset[str]]:
    """Return who shares a work: the source of a copy, and all who copied it."""
    found: defaultdict[str, set[str]] = defaultdict(set)
    for one in truth.copies:
        found[one.source] |= {one.source, one.copier}
    return {frozenset(group) for group in found.values()}


def _logins(report: Report, shown: Sequence[str]) -> frozenset[str]:
    """Return the logins of students who are named as a report shows them."""
    named = {**{one.shown: one.login for one in report.people}, **{one.login: one.login for one in report.people}}
    return frozenset(named.get(one, next((login for login in named if f"({login})" in one), one)) for one in shown)


def _alike(report: Report) -> set[frozenset[str]]:
    return {_logins(report, group.students) for group in report.alike}


def _faults(truth: Truth, report: Report) -> Iterator[Finding]:
    """Yield whether the broken check is flagged, alone, and whether it cost somebody points."""
    if not truth.broken_check:
        return
    exercise, _, _ = truth.broken_check.partition("/")
    met = {login for fault in report.faults for login in _logins(report, fault.students)}
    flagged = [(fault.exercise, fault.check) for fault in report.faults]
    right = [name for name, _ in flagged] == [exercise] and met == set(truth.met_it)
    yield Finding("broken checks", f"1, {len(truth.met_it)}", f"{len(flagged)}, met by {len(met)}", right)
    places = {one.id: index for index, one in enumerate(report.columns)}
    full = report.columns[places[exercise]].max_points if exercise in places else 0
    cells = {one.login: one.cells[places[exercise]] for one in report.people if one.cells and exercise in places}
    against = {login for login, cell in cells.items() if cell is not None and (cell[2] == full) == (login in met)}
    yield Finding("for whom it counts", "0", str(len(against)), not against)
