"""Marks in the files of learning platforms: the instructor's own export of Canvas or Moodle, filled in."""

from __future__ import annotations

import csv
import io
import re
from dataclasses import dataclass, field
from fractions import Fraction
from typing import TYPE_CHECKING

from nnedu.errors import UsageError, did_you_mean
from nnedu.reporting.feedback import plain
from nnedu.reporting.marks import decimal
from nnedu.reporting.sheet import Sheet
from nnedu.reporting.tables import safe_cell

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from decimal import Decimal

OURS = "nnedu: "  # how feedback begins that may be written anew
_NUMBER = re.compile(r"[+-]?\d+([.,]\d+)?")
_NOBODY = {"student, test", "test student"}  # whom Canvas adds to every course
_EXCUSED = "ex"


@dataclass(frozen=True, slots=True)
class Clues:
    """What is said of a person. `other` is a number that a platform gave, which may be another's number at a school."""

    login: str = ""
    email: str = ""
    number: str = ""
    name: str = ""
    other: str = ""

    @property
    def label(self) -> str:
        """What to call somebody of whom nothing else is known."""
        return self.login or self.name or self.email or self.number or self.other


@dataclass(frozen=True, slots=True)
class Given:
    """A mark to be filled in: its share of what is possible, and a word on it."""

    share: Fraction
    feedback: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """A person in a file: the row, and the points that can be had there if the file says so. `locked`: not changed."""

    index: int
    who: Clues
    possible: Fraction | None = None
    locked: bool = False


@dataclass(frozen=True, slots=True)
class Layout:
    """A file that is to be filled in. `column` is where points go; `blank` is what stands there before."""

    sheet: Sheet
    rows: tuple[Row, ...]
    column: int
    feedback: int | None = None
    heads: tuple[tuple[int, str], ...] = ()


@dataclass(slots=True)
class Filled:
    """A file that was filled in. `kept` are cells that a person has to change, with why."""

    data: bytes
    changed: int = 0
    same: int = 0
    kept: list[str] = field(default_factory=list)


def canvas(data: bytes, wanted: Sequence[str], worth: Fraction, *, new: str = "") -> Layout:
    """Read a gradebook that was exported from Canvas; `wanted` are names of the column, `new` one to be added."""
    sheet = Sheet.read(data)
    head = sheet.head
    if not head or not {"ID", "Section"} <= set(head) or not {"Student", "LastName"} & set(head):
        text = "This is not a gradebook of Canvas: its first line has no Student, ID and Section."
        raise UsageError(text, "Take what Canvas gives: Grades, Export, Export Entire Gradebook.")
    people = range(1, len(sheet.rows))
    totals = [row for row in people if sheet.cell(row, 0).lower().startswith("points possible")]
    found = _column(sheet, wanted, head.index("Section") + 1)
    if found is None and not new:
        titles = head[head.index("Section") + 1 :]
        text = f"The gradebook has no column {wanted[0]!r}."
        raise UsageError(
            text, f"{did_you_mean(wanted[0], titles)} Name one with --column, or add --new-column.".strip()
        )
    column = len(head) if found is None else found
    possible = next((points for row in totals if (points := _number(sheet.cell(row, found)))), None)
    rows = [
        Row(row, who, possible or worth)
        for row in people
        if row not in totals and (who := _canvas_person(sheet, row)) is not None
    ]
    heads = [(0, new), *((row, number_text(worth)) for row in totals)] if found is None else []
    return Layout(sheet, tuple(rows), column, heads=tuple(heads))


def _canvas_person(sheet: Sheet, row: int) -> Clues | None:
    said = dict(zip(sheet.head, (cell.strip() for cell in sheet.rows[row]), strict=False))
    name = said.get("Student") or f"{said.get('LastName', '')}, {said.get('FirstName', '')}"
    login = said.get("SIS Login ID", "")
    if not said.get("ID") or name.lower() in _NOBODY:
        return None
    email = login if "@" in login else ""
    return Clues(login=login, email=email, number=said.get("SIS User ID", ""), name=name, other=said["ID"])


def _column(sheet: Sheet, wanted: Sequence[str], start: int) -> int | None:
    """Return the column that one of the names means: the whole title, without the number in it, or that number."""
    titles = [(index, title) for index, title in enumerate(sheet.head) if index >= start]
    for name in (name.strip().lower() for name in wanted):
        for form in (r"\Z", r" \((\d+)\)\Z"):
            hits = [index for index, title in titles if re.sub(form, "", title).lower() == name]
            if len(hits) == 1:
                return hits[0]
        hits = [index for index, title in titles if re.search(rf"\({re.escape(name)}\)\Z", title)]
        if len(hits) == 1:
            return hits[0]
    return None


def is_worksheet(sheet: Sheet) -> bool:
    """Whether a file is a grading worksheet of Moodle."""
    return {"Identifier", "Grade"} <= set(sheet.head)


def moodle(data: bytes, worth: Fraction) -> Layout:
    """Read a grading worksheet of Moodle."""
    sheet = Sheet.read(data)
    at = {name: index for index, name in enumerate(sheet.head)}
    rows = []
    for row in range(1, len(sheet.rows)):
        who = person(sheet, row)
        if who.other:
            possible = _number(sheet.cell(row, at.get("Maximum Grade"))) or worth
            rows.append(Row(row, who, possible, sheet.cell(row, at.get("Grade can be changed")) == "No"))
    return Layout(sheet, tuple(rows), at["Grade"], at.get("Feedback comments"))


def person(sheet: Sheet, row: int) -> Clues:
    """Return who a row of a file of Moodle is about."""
    said = dict(zip(sheet.head, (cell.strip() for cell in sheet.rows[row]), strict=False))
    name = said.get("Full name") or " ".join(
        filter(None, (said.get("First name"), said.get("Last name", said.get("Surname"))))
    )
    other = re.sub(r"\D", "", said.get("Identifier", ""))
    return Clues(said.get("Username", ""), said.get("Email address", ""), said.get("ID number", ""), name, other)


def fill(layout: Layout, given: Mapping[int, Given]) -> Filled:
    """Return the file with marks in the rows that have one; the others, and what is equal already, are left alone."""
    sheet, comma = layout.sheet, layout.sheet.decimal_comma
    changes: dict[tuple[int, int], str] = {(row, layout.column): text for row, text in layout.heads}
    done = Filled(b"")
    for row in layout.rows:
        mark = given.get(row.index)
        if mark is None:
            continue
        there = sheet.cell(row.index, layout.column)
        if row.locked or there.lower() == _EXCUSED:
            done.kept.append(f"{row.who.label}: {'locked' if row.locked else 'excused'} there")
            continue
        points = decimal(mark.share * (row.possible or 1))
        before = _number(there)
        if before is not None and decimal(before) == points:
            done.same += 1
        else:
            changes[row.index, layout.column] = number_text(points, comma=comma)
            done.changed += 1
        said = sheet.cell(row.index, layout.feedback)
        if layout.feedback is not None and (not said or said.startswith(OURS)) and said != OURS + mark.feedback:
            changes[row.index, layout.feedback] = OURS + mark.feedback
    if layout.heads:  # every row has as many cells as the head
        for index in range(len(sheet.rows)):
            if any(sheet.rows[index]):
                changes.setdefault((index, layout.column), "")
    done.data = sheet.changed(changes)
    return done


def number_text(number: Fraction | Decimal, *, comma: bool = False) -> str:
    """Return a number as platforms read it: to two decimals, without zeros at the end."""
    exact = decimal(number) if isinstance(number, Fraction) else number
    text = f"{exact:f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return text.replace(".", ",") if comma else text


def _number(text: str) -> Fraction | None:
    return Fraction(text.replace(",", ".")) if _NUMBER.fullmatch(text) else None


def is_formula(text: str) -> bool:
    """Whether a spreadsheet would compute something of a text; a number, also a negative one, is none."""
    return safe_cell(text) != plain(text) and not _NUMBER.fullmatch(text)


def table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Return a CSV that is safe to open in a spreadsheet, and leaves numbers numbers."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(head)
    for row in rows:
        writer.writerow(
            [safe_cell(cell) if isinstance(cell, str) and is_formula(cell) else _bare(cell) for cell in row]
        )
    return buffer.getvalue()


def _bare(cell: object) -> object:
    return plain(cell).replace("\n", " ") if isinstance(cell, str) else cell
