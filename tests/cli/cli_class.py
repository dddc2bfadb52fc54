"""A class of the tiny course, whose submissions lie in its gradebook."""

from __future__ import annotations

import shutil
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from cli_run import ROOT

from nnedu.classroom.archive import make_archive
from nnedu.classroom.desk import open_desk
from nnedu.course import load_course

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from nnedu.classroom.gradebook import Gradebook

TINY = ROOT / "tests" / "courses" / "tiny"
LESSON = "lesson02_sums"
RIGHT = (TINY / "solutions" / LESSON / "sums.py").read_text("utf-8")
STUB = (TINY / "exercises" / LESSON / "sums.py").read_text("utf-8")
MEAN = RIGHT.replace("np.sum", "np.mean")
NOON = datetime(2026, 11, 2, 12, tzinfo=UTC)


def copy_course(place: Path) -> Path:
    """Copy the tiny course to a folder of a test."""
    return shutil.copytree(TINY, place, ignore=shutil.ignore_patterns("__pycache__"))


def zipped(text: str) -> bytes:
    """Return the archive of a submission."""
    return make_archive({f"{LESSON}/sums.py": text.encode()})


@contextmanager
def gradebook(course: Path) -> Iterator[Gradebook]:
    """Open the gradebook of a course."""
    with open_desk(load_course(course)) as desk:
        yield desk.book


def hand_in(course: Path, *submissions: tuple[str, str | bytes], problem: str = "") -> None:
    """Put submissions into the gradebook, an hour apart."""
    with gradebook(course) as book:
        for number, (student, work) in enumerate(submissions):
            book.add_attempt(
                student=student,
                lesson=LESSON,
                data=zipped(work) if isinstance(work, str) else work,
                submitted_at=NOON + number * timedelta(hours=1),
                received_at=NOON,
                source=f"{student}.zip",
                problem=problem,
            )
