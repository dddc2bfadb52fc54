"""`nnedu release` and `nnedu collect`: a lesson to the students, and what they hand in to the gradebook."""

from __future__ import annotations

from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import click

from nnedu.cli.author import COURSE, open_course

if TYPE_CHECKING:
    from collections.abc import Sequence

    from nnedu.classroom.exchange import Collected
    from nnedu.course import Lesson

SHOWN = 20


@click.command()
@click.argument("lesson")
@click.option(
    "--zip",
    "copy",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="PATH",
    help="Write the same bundle here too, for uploading to a learning platform.",
)
@COURSE
def release(lesson: str, *, copy: Path | None, folder: Path | None) -> None:
    """Release a lesson to the students.

    Builds what a student receives, stubs and public checks but no answer, and puts it into the exchange folder that
    course.toml names. Released again, it says what has changed; students fetch it again, and keep what they wrote.

    \b
        nnedu release lesson5
        nnedu release lesson5 --zip lesson5.zip
    """  # noqa: D301 - \b is click's mark for a block that is not wrapped
    from nnedu.classroom.releases import release as put

    course = open_course(folder)
    chosen = course.lesson(lesson)
    exchange = (course.root / course.classroom.exchange).resolve()
    done = put(course, chosen, exchange, copy)
    click.echo(f"{done.what}: {done.path}  {done.size / 1024:.0f} KiB")
    for change in done.changes:
        click.echo(f"  {change}")
    if copy is not None:
        click.echo(f"copy: {copy}")
    click.echo("\nStudents type")
    for line in _typed(chosen, exchange, copy):
        click.echo(f"  {line}")


def _typed(lesson: Lesson, exchange: Path, copy: Path | None) -> Sequence[str]:
    """Return what students type, with what is shared with them or with the file that they download."""
    from nnedu.reporting.terminal import short_lesson

    name = short_lesson(lesson.id)
    if copy is not None:
        submit = f"nnedu submit {name}    and upload the file that it names"
        return (f"nnedu fetch {name} --from {_quoted(copy.name)}", submit)
    place = _quoted(str(exchange))
    return (f"nnedu fetch {name} --from {place}", f"nnedu submit {name} --to {place}")


def _quoted(text: str) -> str:
    return f'"{text}"' if " " in text else text


@click.command()
@click.argument("lesson")
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path, exists=True), metavar="[PATH]...")
@click.option(
    "--from-nbgrader",
    "nbgrader",
    type=click.Path(path_type=Path, file_okay=False, exists=True),
    metavar="DIR",
    help="A course of nbgrader, whose submitted notebooks are taken in.",
)
@COURSE
def collect(lesson: str, paths: tuple[Path, ...], *, nbgrader: Path | None, folder: Path | None) -> None:
    """Take in what was handed in.

    Without PATH, what nnedu submit left in the exchange folder. PATH is a folder or a zip: the bulk download of
    Canvas or Moodle, an export of Gradescope, nbgrader's submitted folder, or a folder or zip for each student.
    Nothing is unpacked. Every attempt is kept in the gradebook, once: collect as often as you like.

    \b
        nnedu collect lesson5
        nnedu collect lesson5 submissions.zip
        nnedu collect lesson5 --from-nbgrader ../nn101

    Students whom the roster does not know, and files that cannot be read, are listed and kept all the same.
    """  # noqa: D301 - \b is click's mark for a block that is not wrapped
    from nnedu.classroom.desk import open_desk
    from nnedu.classroom.exchange import collect as take_in
    from nnedu.classroom.notebooks import unpack_notebooks

    course = open_course(folder)
    chosen = course.lesson(lesson)
    with open_desk(course) as desk, ExitStack() as stack:
        if nbgrader is not None:
            unpacked = Path(stack.enter_context(TemporaryDirectory(prefix="nnedu-notebooks-"))) / "submitted"
            doubts = unpack_notebooks(course, chosen, nbgrader, unpacked)
            paths = (*paths, unpacked)
        found = take_in(desk, chosen, paths, datetime.now(UTC))
    if nbgrader is not None:
        found.doubts += doubts
        named = {str(unpacked): str(nbgrader)}
        found.places = [(named.get(place, place), what, count) for place, what, count in found.places]
    _show(chosen, found)


def _show(lesson: Lesson, found: Collected) -> None:
    """Print what was taken in, then what a person should look at, then what to type next."""
    from nnedu.reporting.terminal import short_lesson

    for place, platform, count in found.places:
        click.echo(f"{place}: {platform}, {_count(count, 'student')}")
    click.echo(f"\n{found.new} new, {found.already} already there")
    if found.new:
        times = ", ".join(f"{count} from {when}" for when, count in found.times.items() if count)
        click.echo(f"when it was handed in is known: {times}")
    _list("unreadable", "kept, and worth nothing until a person has looked", found.unreadable)
    _list("unlisted", "kept under this name; nnedu roster lists students", found.unlisted)
    _list("look at", "", found.doubts)
    _list("left out", "belongs to no submission", found.left_out)
    if found.has_roster:
        _list("missing", "handed in nothing so far", [one.shown for one in found.missing])
    else:
        click.echo("There is no roster, so nobody can be missing: nnedu roster FILE.csv")
    click.echo(f"\nnext: nnedu grade {short_lesson(lesson.id)}")


def _list(title: str, why: str, sentences: Sequence[str]) -> None:
    from nnedu.reporting.feedback import plain

    if not sentences:
        return
    click.echo(f"\n{title}: {len(sentences)}{f' ({why})' if why else ''}")
    for sentence in sentences[:SHOWN]:
        click.echo(f"  {plain(sentence)}")
    if len(sentences) > SHOWN:
        click.echo(f"  ... and {len(sentences) - SHOWN} more")


def _count(number: int, what: str) -> str:
    return f"{number} {what}{'s' if number != 1 else ''}"
