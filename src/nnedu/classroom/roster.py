"""A roster: what the CSV file of a school, a learning platform or a spreadsheet says, and what that would change."""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from dataclasses import dataclass, fields, replace
from enum import StrEnum
from typing import TYPE_CHECKING

from nnedu.classroom.archive import MAX_NAME, is_name
from nnedu.classroom.records import Student
from nnedu.errors import UsageError
from nnedu.reporting.feedback import plain

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

SHOWN = 10
_LOGINS = f"those are 1 to {MAX_NAME} letters, digits, . _ - @ + or spaces, and no dot first"
_SHAPE = "A roster has a first line that names its columns, and a line for each student."
_STEP = "Correct the file, and run the command again. Nothing was written."
# What a column may be called, the likelier one first, in lower case and without signs. A column is taken once.
_NAMES = {
    "login": (
        *("login", "username", "user name", "login id", "sis login id", "netid", "student login", "user", "user id"),
        *("student id", "id", "student"),
    ),
    "email": ("email", "e mail", "email address", "e mail address", "mail"),
    "number": (
        *("id number", "idnumber", "number", "student number", "matriculation number", "matriculation"),
        *("sis user id", "lms user id", "student id", "sid", "id"),
    ),
    "section": ("section", "sections", "section name", "group", "groups", "class", "tutorial"),
    "name": ("name", "full name", "student name", "display name", "student"),
}
_FIRST = ("first name", "firstname", "given name", "given names")
_LAST = ("last name", "lastname", "surname", "family name")
_NOBODY = {"points possible", "student, test"}  # rows of Canvas that are of no student


class Change(StrEnum):
    """What a roster does to a student."""

    NEW = "new"
    CHANGED = "changed"
    GONE = "no longer listed"


@dataclass(frozen=True, slots=True)
class Listed:
    """The students of a file, and the fields that it has columns for: others are left as they are.

    `by_email`: nothing names the logins, and what stands before the @ of each address was taken.
    """

    students: tuple[Student, ...]
    columns: tuple[str, ...]
    by_email: bool = False


@dataclass(frozen=True, slots=True)
class Changed:
    """A student whom a roster changes, as they will be; `fields` are the names of the fields, with both values."""

    kind: Change
    student: Student
    fields: tuple[tuple[str, str, str], ...] = ()


def changes(listed: Listed, present: Sequence[Student]) -> list[Changed]:
    """Return what a roster changes, by kind and login; nobody is forgotten, only no longer listed."""
    known = {one.login: one for one in present}
    found = []
    for one in listed.students:
        before = known.get(one.login)
        after = replace(before or one, listed=True, **{name: getattr(one, name) for name in listed.columns})
        if before is None or (not before.listed and after != before):
            found.append(Changed(Change.NEW, after))
        elif after != before:
            found.append(Changed(Change.CHANGED, after, _differences(before, after)))
    here = {one.login for one in listed.students}
    found += [
        Changed(Change.GONE, replace(one, listed=False)) for one in present if one.listed and one.login not in here
    ]
    return sorted(found, key=lambda one: (list(Change).index(one.kind), one.student.login))


def _differences(before: Student, after: Student) -> tuple[tuple[str, str, str], ...]:
    pairs = ((field.name, getattr(before, field.name), getattr(after, field.name)) for field in fields(Student))
    return tuple((name, old, new) for name, old, new in pairs if old != new)


def read_roster(data: bytes, name: str) -> Listed:
    """Read a roster, or raise UsageError with every line that is wrong."""
    lines = list(io.StringIO(_text(data), newline=""))
    if lines and re.fullmatch(r"sep=.\s*", lines[0]):  # what Excel is told by some
        lines[0] = "\n"
    start = next((number for number, line in enumerate(lines) if line.strip()), None)
    if start is None:
        text = f"{name} is empty."
        raise UsageError(text, _SHAPE)
    head = _header(lines[start])
    if not {"login", "email"} & head.columns.keys():
        text = f"{name}, line {start + 1}: no column names the logins of the students."
        raise UsageError(text, "Call one of them login, or username; others may be name, email, number, section.")
    found: dict[str, tuple[int, Student]] = {}
    wrong = []
    for number, row in _rows(lines[start + 1 :], head, start + 1):
        said = row if isinstance(row, str) else _take(row, head, number, found)
        wrong += [f"{name}, line {number}: {said}"] if said else []
    if wrong:
        more = [f"... and {len(wrong) - SHOWN} more"] if len(wrong) > SHOWN else []
        raise UsageError("\n".join([*wrong[:SHOWN], *more]), _STEP)
    if not found:
        text = f"{name} names no students."
        raise UsageError(text, _SHAPE)
    held = tuple(field for field in ("name", "email", "number", "section") if field in head.columns)
    return Listed(tuple(one for _, one in found.values()), held, "login" not in head.columns)


def _text(data: bytes) -> str:
    """Return the text of a file: in UTF-8, as Excel's Unicode text, or as Windows writes it in the west."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", "replace")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", "replace")


@dataclass(frozen=True, slots=True)
class _Head:
    """The first line: which columns hold what, how many there are, and what stands between them.

    `turned`: names are written as Canvas does, "Lovelace, Ada".
    """

    columns: dict[str, tuple[int, ...]]
    width: int
    between: str
    turned: bool

    def cell(self, row: Sequence[str], field: str) -> str:
        """Return what a row says of a field, nothing where it is shorter."""
        return " ".join(row[column] for column in self.columns.get(field, ()) if column < len(row) and row[column])


def _header(line: str) -> _Head:
    """Read the first line, with that between its columns by which most of them are understood."""
    heads = []
    for between in ",;\t":
        cells = next(csv.reader([line], delimiter=between))
        words = [re.sub(r"[\W_]+", " ", cell.lower()).strip() for cell in cells]
        columns = _columns(words)
        turned = "name" in columns and words[columns["name"][0]] == "student"
        heads.append(_Head(columns, len(cells), between, turned))
    return max(heads, key=lambda head: len(head.columns))


def _columns(words: Sequence[str]) -> dict[str, tuple[int, ...]]:
    columns: dict[str, tuple[int, ...]] = {}
    for field, names in _NAMES.items():
        used = {column for taken in columns.values() for column in taken}
        place = next((words.index(one) for one in names if one in words and words.index(one) not in used), None)
        if place is not None:
            columns[field] = (place,)
    parts = [words.index(one) for names in (_FIRST, _LAST) for one in names if one in words]
    if "name" not in columns and parts:
        columns["name"] = tuple(parts)
    return columns


def _rows(lines: Sequence[str], head: _Head, before: int) -> Iterator[tuple[int, list[str] | str]]:
    """Yield each row that holds anything with the number of its first line, or a sentence on why it cannot be read."""
    reader = csv.reader(lines, delimiter=head.between, strict=True)
    while True:
        number = before + reader.line_num + 1
        try:
            row = [unicodedata.normalize("NFC", cell).strip() for cell in next(reader)]
        except StopIteration:
            return
        except csv.Error as error:
            yield number, f"the row cannot be read: {error}."
            return
        if any(row[head.width :]):
            yield number, f"it has {len(row)} cells, and the first line names {head.width} columns."
        elif any(row):
            yield number, row


def _take(row: list[str], head: _Head, number: int, found: dict[str, tuple[int, Student]]) -> str:
    """Add the student of a row to those found, or say what is wrong with it."""
    name = head.cell(row, "name")
    if name.lower() in _NOBODY:
        return ""
    if head.turned and name.count(",") == 1:
        name = " ".join(part.strip() for part in reversed(name.split(",")))
    by_email = "login" not in head.columns
    login = head.cell(row, "email").partition("@")[0] if by_email else head.cell(row, "login")
    if not login:
        return f"there is no {'e-mail address' if by_email else 'login'}."
    if not is_name(login):
        return f"{plain(login[:MAX_NAME])!r} is no login: {_LOGINS}."
    student = Student(login, name, head.cell(row, "email"), head.cell(row, "number"), head.cell(row, "section"))
    line, earlier = found.setdefault(login, (number, student))
    return "" if student == earlier else f"{login} is also on line {line}, where something else is said."
