"""`nnedu export nbgrader` and `nnedu nbgrader`: a lesson in nbgrader, and its submissions graded there.

Two courses meet here: that of nbgrader is named by --course, that of nnedu by --nnedu-course.
"""

from __future__ import annotations

import os
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from nnedu.cli.author import open_course
from nnedu.cli.export import export
from nnedu.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from nnedu.publishing.nbgrader.config import Settings
    from nnedu.publishing.nbgrader.pipeline import Autograded

_FOLDER = click.Path(path_type=Path, file_okay=False)
COURSE = click.option(
    "--course", "place", type=_FOLDER, required=True, metavar="DIR", help="The folder of the nbgrader course."
)
NNEDU_COURSE = click.option(
    "--nnedu-course", "folder", type=_FOLDER, metavar="FOLDER", help="The nnedu course; by default the one you are in."
)


@export.command("nbgrader")
@click.argument("lessons", nargs=-1, required=True, metavar="LESSON...")
@COURSE
@NNEDU_COURSE
@click.option(
    "--mode",
    type=click.Choice(["confined", "kernel"]),
    help="Who grades: nnedu in a confined worker (the default), or the kernel of each notebook, as nbgrader does.",
)
@click.option("--course-id", metavar="ID", help="The name of the course in nbgrader; by default from its title.")
@click.option("--exchange", type=_FOLDER, metavar="DIR", help="nbgrader's exchange, if it is not at its usual place.")
@click.option("--timeout", type=click.IntRange(1, 3600), help="Seconds for a cell where a kernel runs it.")
def export_nbgrader(
    lessons: tuple[str, ...],
    *,
    place: Path,
    folder: Path | None,
    mode: str | None,
    course_id: str | None,
    exchange: Path | None,
    timeout: int | None,
) -> None:
    """Write lessons as assignments of nbgrader.

    A notebook for each: teaching text, a cell for each exercise, checks that a student can run, and hidden cells that
    call for the grade and hold no check. What nbgrader has to know goes into nbgrader_config.py, as one block; the
    rest of that file stays. Written again, the same lesson gives the same bytes.

    \b
        nnedu export nbgrader lesson5 --course ../nn101
        cd ../nn101
        nbgrader generate_assignment lesson05_backpropagation
    """  # noqa: D301 - \b is click's mark for a block that is not wrapped
    from nnedu.publishing.nbgrader.assignment import export as write
    from nnedu.publishing.nbgrader.assignment import settings_of
    from nnedu.publishing.nbgrader.config import Mode, Settings

    course = open_course(folder)
    chosen = [course.lesson(name) for name in lessons]
    before = settings_of(place) or Settings("", "")
    settings = Settings(
        str(course.root.resolve()),
        course_id or before.course_id or _slug(course.title),
        Mode(mode) if mode else before.mode,
        timeout or before.timeout,
        str(exchange.resolve()) if exchange else before.exchange,
    )
    for lesson in chosen:
        done = write(course, lesson, place, settings)
        _say(lesson.id, [*(f"written: {name}" for name in done.written), *(f"as it was: {name}" for name in done.same)])
        _say("", done.notes)
    _next(place, chosen[-1].id, settings)


def _next(place: Path, lesson: str, settings: Settings) -> None:
    click.echo(f"\nGraded by: {'a confined worker' if settings.mode == 'confined' else 'the kernel of each notebook'}")
    click.echo(f"Next:  cd {place} && nbgrader generate_assignment {lesson}")


def _slug(title: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", title.lower()).strip("-") or "course"


def _say(title: str, lines: Sequence[str]) -> None:
    if title:
        click.echo(title)
    for line in lines:
        click.echo(f"  {line}")


@click.group()
def nbgrader() -> None:
    """Grade in nbgrader: precheck, autograde, push."""


@nbgrader.command()
@click.argument("lesson")
@COURSE
def precheck(lesson: str, *, place: Path) -> None:
    """Look at submitted notebooks before they are graded.

    Says of each student whose cells were copied, split, deleted or turned into text. Nothing is changed: grading mends
    them, and what cannot be mended costs nobody else anything. Exits 1 if a notebook cannot be read at all.
    """
    from nnedu.publishing.nbgrader.pipeline import precheck as look
    from nnedu.reporting.feedback import plain

    found = look(place, _assignment(place, lesson))
    wrong = [one for one in found if one.problems]
    for one in wrong:
        click.echo(plain(f"{one.student}{'' if one.readable else '  cannot be graded'}"))
        _say("", [plain(problem) for problem in one.problems])
    click.echo(f"{_notebooks(len(found))}, {len(found) - len(wrong)} as they were handed out")
    if any(not one.readable for one in found):
        sys.exit(1)


@nbgrader.command()
@click.argument("lesson")
@COURSE
@click.option("--student", "names", multiple=True, metavar="ID", help="Only this student; may be given several times.")
@click.option("--workers", type=click.IntRange(1, 64), help="Processes; by default one for each core.")
@click.option("--force", is_flag=True, help="Grade again what nbgrader has graded.")
def autograde(lesson: str, *, place: Path, names: tuple[str, ...], workers: int | None, force: bool) -> None:
    """Run nbgrader's autograde, a student at a time.

    The same steps and the same gradebook as nbgrader autograde, which grades one after the other and can be stopped by
    one notebook. Exits 1 if a submission could not be graded; it is named, and all others are done.
    """
    from nnedu.publishing.nbgrader.pipeline import autograde as run
    from nnedu.publishing.nbgrader.pipeline import students

    assignment = _assignment(place, lesson)
    known = students(place, assignment)
    if strange := [name for name in names if name not in known]:
        text = f"{strange[0]} has not handed in {assignment}."
        raise UsageError(text, f"Those who have: {', '.join(known[:20])}{' ...' if len(known) > 20 else ''}")  # noqa: PLR2004
    wanted = list(names) or known
    counter, failed = 0, []

    def done(one: Autograded) -> None:
        nonlocal counter
        counter += 1
        _graded(one, counter, len(wanted))
        if one.why:
            failed.append(one.student)

    run(place, assignment, wanted, done, workers=min(workers or os.cpu_count() or 1, len(wanted)), force=force)
    click.echo(f"{len(wanted) - len(failed)} of {len(wanted)} graded")
    if failed:
        sys.exit(1)


def _graded(one: Autograded, number: int, total: int) -> None:
    from nnedu.reporting.feedback import plain

    if one.why:
        said = f"not graded: {one.why}"
    else:
        said = f"{one.score:g}/{one.max_score:g}{'  waits for a person' if one.waits else ''}"
    click.echo(plain(f"[{number}/{total}] {one.student}  {said}"))


@nbgrader.command()
@click.argument("lesson")
@COURSE
@NNEDU_COURSE
def push(lesson: str, *, place: Path, folder: Path | None) -> None:
    """Write points of nnedu's gradebook into nbgrader's.

    For what was handed in as files and graded with nnedu grade: the latest attempt of each student, as automatic
    scores. What a person gave in nbgrader stays, and counts.
    """
    from nnedu.classroom.desk import open_desk
    from nnedu.classroom.notebooks import points_of
    from nnedu.publishing.nbgrader.gradebook import gradebook_url, push_scores

    course = open_course(folder)
    chosen = course.lesson(lesson)
    with open_desk(course) as desk:
        points = points_of(desk, chosen)
    if not points:
        text = f"The gradebook of nnedu holds no grades of {chosen.id}."
        raise UsageError(text, f"nnedu grade {lesson}")
    count = push_scores(gradebook_url(str(place)), chosen.id, points)
    click.echo(f"{count} scores of {len({student for student, _, _ in points})} students written.")


def _assignment(place: Path, lesson: str) -> str:
    """Return the assignment that a person means, of those that the course of nbgrader has."""
    from nnedu.course.model import find_lesson

    source = place / "source"
    known = sorted(path.name for path in source.iterdir() if path.is_dir()) if source.is_dir() else []
    if not known:
        text = f"{place} is no course of nbgrader: it has no assignments in {source}."
        raise UsageError(text, f"nnedu export nbgrader {lesson} --course {place}")
    return find_lesson(lesson, known)


def _notebooks(number: int) -> str:
    return f"{number} notebook{'s' if number != 1 else ''}"
