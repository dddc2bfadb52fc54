"""Marks for the rest of the world: which of them go into which row of a file, and who is found on one side only."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from typing import TYPE_CHECKING

import msgspec

from nnedu.classroom.people import People
from nnedu.errors import UsageError
from nnedu.reporting import lms
from nnedu.reporting.marks import decimal
from nnedu.reporting.sheet import Sheet

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from nnedu.classroom.ledger import Ledger
    from nnedu.classroom.policy import Mark
    from nnedu.classroom.records import Student
    from nnedu.reporting.lms import Clues, Given, Layout

_SIDE = ("found in", "why", "login", "name", "email", "number")
_ROWS = (
    *("login", "name", "email", "number", "section", "lesson", "state", "points", "max_points", "percent"),
    *("hours_late", "attempts", "handed_in_at", "set_by_hand"),
)


@dataclass(slots=True)
class Exported:
    """A file for a platform. `scaled` says that the platform gives other points than the course.

    `unmatched` are rows for the file beside it: whoever is found on one side only.
    """

    data: bytes
    changed: int = 0
    same: int = 0
    scaled: str = ""
    kept: list[str] = field(default_factory=list)
    unmatched: list[tuple[str, ...]] = field(default_factory=list)

    @property
    def beside(self) -> str:
        """The file of those who were not matched."""
        return lms.table(_SIDE, self.unmatched)


def to_canvas(ledger: Ledger, template: bytes, column: str, *, new_column: bool) -> Exported:
    """Fill one column of a gradebook of Canvas."""
    lesson = ledger.lesson
    wanted = [column] if column else [lesson.title, lesson.id]
    layout = lms.canvas(template, wanted, _worth(ledger), new=(column or lesson.title) if new_column else "")
    return _filled(ledger, layout)


def to_moodle(ledgers: Sequence[Ledger], template: bytes | None) -> Exported:
    """Fill a grading worksheet of Moodle, or make a file for Moodle's import of grades."""
    sheet = Sheet.read(template) if template is not None else None
    if template is None or sheet is None:
        return _import(ledgers, None)
    if not lms.is_worksheet(sheet):
        if not {"Email address", "ID number", "Username"} & set(sheet.head):
            text = "This file of Moodle has neither Identifier and Grade nor an Email address, ID number or Username."
            raise UsageError(text, "Take the grading worksheet of the assignment, or an export of the gradebook.")
        return _import(ledgers, sheet)
    if len(ledgers) != 1:
        text = "A grading worksheet of Moodle is of one assignment."
        raise UsageError(text, "Name one lesson.")
    return _filled(ledgers[0], lms.moodle(template, _worth(ledgers[0])))


def _worth(ledger: Ledger) -> Fraction:
    return Fraction(sum(ledger.worth.values()))


def _filled(ledger: Ledger, layout: Layout) -> Exported:
    matches, unmatched = _matched(ledger.students, ((row.index, row.who) for row in layout.rows))
    given = {
        index: mark for index, student in matches.items() if (mark := _given(ledger.marks[student.login])) is not None
    }
    done = lms.fill(layout, given)
    worth = _worth(ledger)
    others = {row.possible for row in layout.rows if row.possible not in {None, worth}}
    there = ", ".join(lms.number_text(points) for points in sorted(filter(None, others)))
    scaled = f"of {there} points there and of {lms.number_text(worth)} here, so marks were scaled" if there else ""
    return Exported(done.data, done.changed, done.same, scaled, done.kept, unmatched)


def _given(mark: Mark) -> Given | None:
    """Return what is filled in of a mark, nothing where there is none yet."""
    if not mark.counts or mark.share is None:
        return None
    of = f"{lms.number_text(mark.points)} of {lms.number_text(mark.max_points)}"
    exercises = mark.counting.outcome.exercises if mark.counting is not None and not mark.by_hand else ()
    parts = "".join(f"; {one.id} {one.points}/{one.max_points}" for one in exercises)
    return lms.Given(mark.share, f"{of}, {'set by hand' if mark.by_hand else mark.state}{parts}")


def _matched(
    students: Iterable[Student], rows: Iterable[tuple[int, Clues]]
) -> tuple[dict[int, Student], list[tuple[str, ...]]]:
    """Return the student of each row, and a line for everybody who has no counterpart, or more than one."""
    people = People(students)
    found = {index: (who, people.find(who)) for index, who in rows}
    times: dict[str, int] = {}
    for _, hits in found.values():
        if len(hits) == 1:
            times[hits[0].login] = times.get(hits[0].login, 0) + 1
    matches: dict[int, Student] = {}
    unmatched: list[tuple[str, ...]] = []
    for index, (who, hits) in found.items():
        if len(hits) == 1 and times[hits[0].login] == 1:
            matches[index] = hits[0]
            continue
        why = "nobody in the gradebook" if not hits else f"could be {' or '.join(one.login for one in hits)}"
        why = "two rows are of one student" if len(hits) == 1 else why
        unmatched.append(("the file", why, who.login, who.name, who.email, who.number or who.other))
    there = {one.login for one in matches.values()}
    rest = (one for one in people.students.values() if one.login not in there)
    unmatched += [("the gradebook", "not in the file", one.login, one.name, one.email, one.number) for one in rest]
    return matches, unmatched


def _import(ledgers: Sequence[Ledger], sheet: Sheet | None) -> Exported:
    """Return a file for Moodle's import of grades, which a single row that Moodle does not know would stop."""
    students = {one.login: one for ledger in ledgers for one in ledger.students}
    people: list[tuple[Student, tuple[str, ...]]]
    unmatched: list[tuple[str, ...]] = []
    if sheet is None:
        names: tuple[str, ...] = ("Email address", "ID number")
        people = [(one, (one.email, one.number)) for one in students.values()]
    else:
        names = tuple(name for name in ("Username", "Email address", "ID number") if name in sheet.head)
        rows = [(row, lms.person(sheet, row)) for row in range(1, len(sheet.rows)) if any(sheet.rows[row])]
        matches, unmatched = _matched(students.values(), rows)
        at = [sheet.head.index(name) for name in names]
        people = [(one, tuple(sheet.cell(row, column) for column in at)) for row, one in matches.items()]
    head = [*names, *(text for one in ledgers for text in (one.lesson.title, f"{one.lesson.title} feedback"))]
    written = []
    for student, known_as in people:
        cells = [cell for ledger in ledgers for cell in _import_cells(ledger, student.login)]
        why = _unfit(known_as)
        if why:
            unmatched.append(("the gradebook", why, student.login, student.name, student.email, student.number))
        elif any(cells):
            written.append([*known_as, *cells])
    return Exported(lms.table(head, written).encode(), len(written), unmatched=unmatched)


def _unfit(known_as: Sequence[str]) -> str:
    if not any(known_as):
        return "no e-mail address and no number to be known by"
    return "a spreadsheet would take the address or number for a formula" if any(map(lms.is_formula, known_as)) else ""


def _import_cells(ledger: Ledger, login: str) -> tuple[str, str]:
    mark = ledger.marks.get(login)
    given = _given(mark) if mark is not None else None
    if given is None:
        return "", ""
    return lms.number_text(given.share * _worth(ledger)), lms.OURS + given.feedback


def to_csv(ledgers: Iterable[Ledger]) -> str:
    """Return all marks, a row for each student and lesson, safe to open in a spreadsheet."""
    return lms.table(_ROWS, (list(row.values()) for row in _rows(ledgers)))


def to_json(ledgers: Iterable[Ledger]) -> str:
    """Return all marks for programs: a list with an object for each student and lesson."""
    return msgspec.json.format(msgspec.json.encode(list(_rows(ledgers))), indent=1).decode() + "\n"


def _rows(ledgers: Iterable[Ledger]) -> Iterator[dict[str, object]]:
    for ledger in ledgers:
        for one in ledger.students:
            mark = ledger.marks[one.login]
            handed_in = mark.counting.attempt.submitted_at.isoformat(timespec="seconds") if mark.counting else None
            share = mark.share if mark.counts else None
            cells = (
                *(one.login, one.name, one.email, one.number, one.section, ledger.lesson.id, mark.state.value),
                _float(mark.points if mark.counts else None),
                _float(mark.max_points),
                _float(None if share is None else 100 * share),
                _float(Fraction(int(mark.lateness.total_seconds()), 3600)),
                len(mark.attempts),
                handed_in,
                mark.by_hand,
            )
            yield dict(zip(_ROWS, cells, strict=True))


def _float(number: Fraction | None) -> float | None:
    return None if number is None else float(decimal(number))
