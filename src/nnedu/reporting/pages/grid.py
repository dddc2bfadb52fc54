"""The class x exercise map, as compact as HTML allows: a page of 60,000 cells stays small, and needs no script."""

from __future__ import annotations

from typing import TYPE_CHECKING

from markupsafe import Markup, escape

from nnedu.outcome import State
from nnedu.reporting.pages.charts import sparkline
from nnedu.reporting.pages.words import fixed, name

if TYPE_CHECKING:
    from collections.abc import Sequence

    from nnedu.reporting.pages.records import Cell, CourseReport, LessonReport, Person

# A letter beside the colour, which a screen reader says and a printer keeps.
LETTERS = {
    State.NOT_STARTED: ("n", "not started"),
    State.RAISED: ("r", "raised an error"),
    State.STOPPED: ("s", "stopped after its time"),
    State.WAITING: ("w", "waits for another exercise"),
    State.FAULT: ("f", "a fault of the course, not counted"),
}
LEVELS = 3
FULL, HALF = 0.9, 0.5


def map_rows(report: LessonReport) -> Markup:
    """Return a row for each student: name, mark, how it came in, and a cell for each exercise.

    End tags that HTML lets go are left out, and what is the same in many cells is made once.
    """
    made: dict[Cell | None, str] = {}
    nothing = _cell(None) * len(report.columns)
    rows = []
    for one in report.people:
        for cell in set(one.cells) - made.keys():
            made[cell] = _cell(cell)
        cells = "".join([made[cell] for cell in one.cells]) if one.cells else nothing
        rows.append(f"<tr>{_head(one)}{cells}\n")
    return Markup("".join(rows))  # noqa: S704 - names are escaped in _head, all else is letters and numbers


def _head(one: Person) -> str:
    mark = fixed(one.points, 1) if one.marked else "–"
    return f"{_who(one.shown, one.login)}<td>{mark}<td class=a>{one.arrival.value}"


def _who(shown: str, login: str) -> str:
    beside = "" if login == shown else f" <small>{escape(name(login))}</small>"
    return f"<th scope=row><bdi>{escape(name(shown))}</bdi>{beside}"


def _cell(cell: Cell | None) -> str:
    if cell is None:
        return "<td class=m>"
    state, points, most = cell
    if state is State.FAULT and not points:
        return "<td class=f>f"
    if points:
        level = LEVELS if points >= most else 1 + (2 * points >= most)
        return f"<td class=p{level}>{points}"
    letter = LETTERS.get(state, ("0", ""))[0]
    return f"<td class={'z' if letter == '0' else letter}>{letter}"


def course_rows(report: CourseReport) -> Markup:
    """Return a row for each student: name, total, trend, lessons missed, and the mark in each lesson in percent."""
    rows = []
    for one in report.people:
        cells = "".join([_share(share) for share in one.shares])
        total = "<td>–" if one.total is None else f"<td>{round(100 * one.total)}"
        rows.append(f"<tr>{_who(one.shown, one.login)}{total}{_trend(one.shares)}<td>{one.missing}{cells}\n")
    return Markup("".join(rows))  # noqa: S704 - names are escaped in _who, the rest is numbers


def _trend(shares: Sequence[float | None]) -> str:
    """Return the marks in turn as a line and from where to where they went, to be sorted by the change."""
    there = [round(100 * share) for share in shares if share is not None]
    if not there:
        return "<td class=a data-v=''>"
    return f"<td class=a data-v={there[-1] - there[0]}>{sparkline(shares)}<small>{there[0]} to {there[-1]}</small>"


def _share(share: float | None) -> str:
    if share is None:
        return _cell(None)
    level = LEVELS if share >= FULL else 1 + (share >= HALF)
    return f"<td class=p{level}>{round(100 * share)}"
