"""`nnedu regrade`: everything that was collected of a lesson graded anew, and whose mark that moves."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from nnedu.cli.author import COURSE, open_course
from nnedu.cli.identity import who
from nnedu.cli.instructor import kept, open_crew, progress, say_by_hand, write_kept, written_to
from nnedu.errors import FaultError

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Sequence
    from pathlib import Path

    from nnedu.classroom.moved import CheckMoved, Moved
    from nnedu.outcome import CheckOutcome


@click.command()
@click.argument("lesson")
@COURSE
@click.option("--workers", type=click.IntRange(1, 1024), help="Grader processes; by default one for each core.")
@click.option("--scheduler", metavar="URL", help="The scheduler of a Dask cluster, as tcp://HOST:8786.")
@click.option("--json", "as_json", is_flag=True, help="Print what moved as one JSON object.")
def regrade(lesson: str, *, folder: Path | None, workers: int | None, scheduler: str | None, as_json: bool) -> None:
    """Grade everything anew, and show whose mark moves.

    Every attempt of the gradebook is graded by the lesson and the nnedu that are here now, in a run of its own; what
    earlier runs made of it is kept. Printed is every attempt that is worth more or less than before, and by which
    checks; grades.csv and the others are written anew.
    """
    from nnedu.classroom.desk import open_desk
    from nnedu.classroom.grade import Grading
    from nnedu.classroom.moved import moved
    from nnedu.classroom.runs import Marking
    from nnedu.reporting.tables import faults

    course = open_course(folder)
    chosen = course.lesson(lesson)
    crew = open_crew(None, scheduler, workers)
    with open_desk(course) as desk:
        marking = Marking(desk, Grading(course, chosen))
        before = desk.book.scored(chosen.id)
        total = len(marking.attempts)
        with kept(lambda: marking.graded), progress(total) as on_done:
            run = marking.grade(marking.attempts, lambda kit: crew(kit, total), on_done, by=who(), regrade=True)
        after = desk.book.results(run)
        write_kept(desk, marking.grading, written_to(desk, chosen))
    found = moved(before, after)
    by_hand = sorted({one.student for one in marking.attempts if one.id in after and faults(after[one.id])})
    if as_json:
        _print_json(chosen.id, run, found)
    else:
        _print(found, total)
    say_by_hand(by_hand, err=True)
    if by_hand:
        sys.exit(FaultError.exit_code)


def _print(found: Sequence[Moved], total: int) -> None:
    from collections import Counter

    from nnedu.reporting.feedback import plain

    several = Counter(one.attempt.student for one in found)
    for one in found:
        click.echo(plain(_line(one, several)))
        for check in one.checks:
            click.echo(f"    {_check_line(check)}")
    if not found:
        click.echo(f"No mark moved: {total} attempt{'s' if total != 1 else ''} graded anew.")


def _line(one: Moved, several: Counter[str]) -> str:
    (points, most), (now, most_now) = one.before, one.after
    when = f" (attempt of {one.attempt.submitted_at:%Y-%m-%d %H:%M:%S} UTC)" if several[one.attempt.student] > 1 else ""
    by = f"{now - points:+d}" if now != points else "the same points, another maximum"
    return f"{one.attempt.student}{when}  {points}/{most} -> {now}/{most_now}  {by}"


def _check_line(check: CheckMoved) -> str:
    return f"{check.exercise}/{check.check}: {_check(check.before)} -> {_check(check.after)}"


def _check(one: CheckOutcome | None) -> str:
    return "not there" if one is None else f"{one.state.value.replace('_', ' ')} {one.points}/{one.max_points}"


def _print_json(lesson: str, run: int, found: Sequence[Moved]) -> None:
    import msgspec

    def said(check: CheckOutcome | None) -> dict[str, object] | None:
        if check is None:
            return None
        return {"state": check.state, "points": check.points, "max_points": check.max_points}

    rows = [
        {
            "student": one.attempt.student,
            "attempt": one.attempt.id,
            "submitted_at": one.attempt.submitted_at,
            "before": {"points": one.before[0], "max_points": one.before[1]},
            "after": {"points": one.after[0], "max_points": one.after[1]},
            "checks": [
                {
                    "exercise": check.exercise,
                    "check": check.check,
                    "before": said(check.before),
                    "after": said(check.after),
                }
                for check in one.checks
            ],
        }
        for one in found
    ]
    data = msgspec.json.encode({"lesson": lesson, "run": run, "moved": rows})
    click.echo(msgspec.json.format(data, indent=1).decode("utf-8"))
