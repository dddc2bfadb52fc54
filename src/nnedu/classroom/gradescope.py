"""Grades the one submission that Gradescope has put into /autograder/submission, and writes results.json."""

from __future__ import annotations

import os
import time
from contextlib import suppress
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from nnedu.classroom.archive import UnreadableError, none_of, open_archive, refused
from nnedu.classroom.grade import Grading
from nnedu.classroom.intake import read_zip_file
from nnedu.classroom.results import whole
from nnedu.course import load_course
from nnedu.course.quiz import load_quizzes
from nnedu.errors import FaultError, NneduError
from nnedu.outcome import State
from nnedu.publishing.gradescope.package import COURSE, SETTINGS, Settings
from nnedu.publishing.gradescope.results import results, ungraded
from nnedu.running.grader import Grader
from nnedu.running.quiz import grade_quizzes, with_quizzes
from nnedu.running.work import Work, read_folder

if TYPE_CHECKING:
    from collections.abc import Sequence

SOURCE, SUBMISSION, RESULTS, METADATA = "source", "submission", "results", "submission_metadata.json"
MOST = 1000  # folders that are looked into
MAX_METADATA = 16 << 20


class _User(msgspec.Struct):
    email: str = ""


class _Metadata(msgspec.Struct):
    users: list[_User] = []


def run(root: Path) -> None:
    """Grade, and write results.json whatever happens; it says that nothing was graded until something was.

    Raises an error of ours where the course or nnedu is at fault, which is for the instructor to read.
    """
    started = time.monotonic()
    _write(root, ungraded(0.0, {"fault": "nnedu was ended before it was done"}))
    try:
        _write(root, _grade(root, started))
    except NneduError as error:
        _write(root, ungraded(time.monotonic() - started, {"fault": str(error)}))
        raise
    except Exception as error:
        _write(root, ungraded(time.monotonic() - started, {"fault": f"{type(error).__name__}: {error}"}))
        text = f"nnedu failed while it graded: {type(error).__name__}: {error}"
        raise FaultError(text, "Send this to whoever maintains nnedu; then rerun the autograder.") from error


def _grade(root: Path, started: float) -> dict[str, object]:
    source = root / SOURCE
    settings = msgspec.json.decode((source / SETTINGS).read_bytes(), type=Settings)
    course = load_course(source / COURSE)
    lesson = course.lesson(settings.lesson)
    grading = Grading(course, lesson)
    work, problem = read_submission(root / SUBMISSION, lesson.id, lesson.modules)
    grader = Grader(grading.kit)
    try:
        result = grader.grade(work)
    finally:
        grader.close()
    used = grading.graded_with([result.layers])
    facts = {"engine": used.engine, "lesson": used.lesson_version, "sandbox": result.layers}
    seconds = time.monotonic() - started
    if result.outcome is None:
        return ungraded(seconds, facts | {"fault": result.fault})
    quizzes = grade_quizzes(load_quizzes(course, lesson), work.answers, _student(root / METADATA))
    outcome = with_quizzes(result.outcome, quizzes)
    checks = [(one, check) for one in outcome.exercises for check in one.checks]
    faults = [f"{one.id}/{check.id}: {check.message}" for one, check in checks if check.state is State.FAULT]
    facts |= {"fault": "\n".join(faults)} if faults else {}
    return results(outcome, grading.max_points, settings.hidden, seconds, facts, problem)


def read_submission(folder: Path, lesson: str, modules: Sequence[str]) -> tuple[Work, str]:
    """Return what was submitted, and what is wrong with the whole of it: loose files, a folder of them, or a zip."""
    zips = []
    for place, folders, files in islice(os.walk(folder), MOST):  # links are not followed
        folders.sort(key=lambda name: (name != lesson, name))
        folders[:] = [name for name in folders if not name.startswith((".", "__MACOSX"))]
        here = Path(place)
        if any(f"{module}.py" in files for module in modules):
            return read_folder(here, modules), ""
        zips += [here / name for name in sorted(files) if name.lower().endswith(".zip")]
    problem = none_of(modules)
    for path in zips:
        try:
            opened = open_archive(read_zip_file(path), lesson, modules)
        except UnreadableError as error:
            opened = refused(modules, str(error))
        if not opened.problem:
            return opened.work, ""
        problem = opened.problem
    return Work(problems=dict.fromkeys(modules, problem)), problem


def _student(path: Path) -> str:
    """Return the e-mail address of who submitted, as far as Gradescope says."""
    with suppress(OSError, msgspec.DecodeError):
        with path.open("rb") as file:
            said = msgspec.json.decode(file.read(MAX_METADATA), type=_Metadata)
        return next((user.email for user in said.users), "")
    return ""


def _write(root: Path, document: dict[str, object]) -> None:
    place = root / RESULTS
    place.mkdir(parents=True, exist_ok=True)
    with whole(place / "results.json") as file:
        file.write(msgspec.json.format(msgspec.json.encode(document), indent=1))
