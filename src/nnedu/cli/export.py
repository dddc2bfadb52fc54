"""`nnedu export`: marks for learning platforms, for spreadsheets and for programs."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from nnedu.cli.author import COURSE, chosen, open_course
from nnedu.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from nnedu.classroom.export import Exported
    from nnedu.classroom.ledger import Ledger

SHOWN = 10
MAX_TEMPLATE = 64 << 20
_FILE = click.Path(path_type=Path, dir_okay=False)
OUT = click.option("--out", type=_FILE, required=True, metavar="FILE", help="The file to write.")
LESSONS = click.argument("lessons", nargs=-1, required=True, metavar="LESSON...")


@click.group()
def export() -> None:
    """Write marks for Canvas, Moodle, spreadsheets, programs."""


@export.command()
@LESSONS
@click.option(
    "--template", type=_FILE, required=True, metavar="EXPORTED.csv", help="The gradebook that Canvas exported."
)
@click.option("--column", "columns", multiple=True, metavar="TITLE", help="The column of the lesson; once for each.")
@click.option("--new-column", is_flag=True, help="Add the column where there is none: a new assignment in Canvas.")
@OUT
@COURSE
def canvas(
    lessons: tuple[str, ...],
    *,
    template: Path,
    columns: tuple[str, ...],
    new_column: bool,
    out: Path,
    folder: Path | None,
) -> None:
    """Fill the gradebook that you exported from Canvas.

    Only the lesson's column is touched, and of it only what has changed; all else stays byte for byte. Where nobody
    has a mark yet, or somebody is excused, nothing is written. Students are matched by SIS Login ID, e-mail address,
    SIS User ID, ID or name; whoever is found on one side only stands in FILE.not-matched.csv.

    \b
        nnedu export canvas lesson5 --template grades.csv --out upload.csv
    """  # noqa: D301 - \b is click's mark for a block that is not wrapped
    from nnedu.classroom.export import to_canvas

    if columns and len(columns) != len(lessons):
        text = f"{len(lessons)} lessons and {len(columns)} columns were named."
        raise UsageError(text, "Name --column once for each lesson, in the same order.")
    data = _read(template)
    unmatched: dict[tuple[str, ...], None] = {}
    for index, ledger in enumerate(_ledgers(lessons, folder)):
        done = to_canvas(ledger, data, columns[index] if columns else "", new_column=new_column)
        data, unmatched = done.data, unmatched | dict.fromkeys(done.unmatched)
        _say(ledger.lesson.title, done)
    _write(out, data)
    done.unmatched = list(unmatched)
    _write_beside(out, done)


@export.command()
@LESSONS
@click.option("--template", type=_FILE, metavar="FROM_MOODLE.csv", help="A grading worksheet, or a gradebook's export.")
@OUT
@COURSE
def moodle(lessons: tuple[str, ...], *, template: Path | None, out: Path, folder: Path | None) -> None:
    """Fill a worksheet of Moodle, or make a file to import.

    A grading worksheet is filled in: Grade and Feedback comments, nothing else. From an export of Moodle's gradebook,
    or from nothing, a file for Grades, Import is made, with points and feedback of every student whom Moodle knows:
    a single unknown one would stop the import. Whoever is left out stands in FILE.not-matched.csv.

    \b
        nnedu export moodle lesson5 --template worksheet.csv --out upload.csv
        nnedu export moodle lesson5 lesson6 --out import.csv
    """  # noqa: D301 - \b is click's mark for a block that is not wrapped
    from nnedu.classroom.export import to_moodle

    ledgers = _ledgers(lessons, folder)
    done = to_moodle(ledgers, _read(template) if template is not None else None)
    _say(", ".join(one.lesson.title for one in ledgers), done)
    _write(out, done.data)
    _write_beside(out, done)


@export.command("csv")
@click.argument("lessons", nargs=-1, metavar="[LESSON]...")
@OUT
@COURSE
def csv_(lessons: tuple[str, ...], *, out: Path, folder: Path | None) -> None:
    """Write all marks as a table, safe to open in a spreadsheet."""
    from nnedu.classroom.export import to_csv

    _write(out, to_csv(_ledgers(lessons, folder)).encode())


@export.command("json")
@click.argument("lessons", nargs=-1, metavar="[LESSON]...")
@OUT
@COURSE
def json_(lessons: tuple[str, ...], *, out: Path, folder: Path | None) -> None:
    """Write all marks as JSON, for programs."""
    from nnedu.classroom.export import to_json

    _write(out, to_json(_ledgers(lessons, folder)).encode())


def _ledgers(lessons: tuple[str, ...], folder: Path | None) -> Sequence[Ledger]:
    """Read what the gradebook says of the lessons named, or of all."""
    from nnedu.classroom.desk import open_desk
    from nnedu.classroom.ledger import read_ledger

    course, now = open_course(folder), datetime.now(UTC)
    with open_desk(course) as desk:
        return [read_ledger(desk, lesson, now) for lesson in chosen(course, lessons)]


def _read(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            data = file.read(MAX_TEMPLATE + 1)
    except OSError as error:
        text = f"{path} cannot be read: {error.strerror}."
        raise UsageError(text, "Name the file that the learning platform exported.") from error
    if len(data) > MAX_TEMPLATE:
        text = f"{path} is larger than {MAX_TEMPLATE >> 20} MiB."
        raise UsageError(text, "Name the file that the learning platform exported.")
    return data


def _write(path: Path, data: bytes) -> None:
    from nnedu.classroom.results import whole

    try:
        with whole(path, sure=True) as file:
            file.write(data)
    except OSError as error:
        text = f"{path} cannot be written: {error.strerror}."
        raise UsageError(text, "Name another place, in a folder that is there.") from error
    click.echo(f"Written: {path}")


def _write_beside(out: Path, done: Exported) -> None:
    """Write who was not matched beside the file; what an earlier export said of it is not left there."""
    beside = out.with_name(f"{out.stem}.not-matched.csv")
    if done.unmatched or beside.exists():
        _write(beside, done.beside.encode())


def _say(title: str, done: Exported) -> None:
    from nnedu.reporting.feedback import plain

    unmatched = f", {len(done.unmatched)} not matched" if done.unmatched else ""
    click.echo(f"{title}: {done.changed} written, {done.same} as they were{unmatched}")
    if done.scaled:
        click.echo(f"  {done.scaled}")
    for sentence in done.kept[:SHOWN]:
        click.echo(f"  left as it is: {plain(sentence)}")
    if len(done.kept) > SHOWN:
        click.echo(f"  ... and {len(done.kept) - SHOWN} more")
