"""nbgrader's own autograde, a student at a time: what one hands in stops nobody else, and several run at once."""

from __future__ import annotations

import contextlib
import io
import json
import multiprocessing
import os
import stat
import sys
import warnings
from concurrent.futures import FIRST_COMPLETED, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nnedu.errors import UsageError
from nnedu.publishing.nbgrader.assignment import SOURCE
from nnedu.publishing.nbgrader.gradebook import INSTALL
from nnedu.publishing.nbgrader.mending import mend, plan_of
from nnedu.publishing.nbgrader.modules import MAX_NOTEBOOK, read_notebook
from nnedu.publishing.nbgrader.notebook import OURS

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from concurrent.futures import Future

SUBMITTED = "submitted"
TRIES = 2


@dataclass(frozen=True, slots=True)
class Checked:
    """One student's notebook, and what is wrong with it. `readable`: it can be graded all the same."""

    student: str
    problems: tuple[str, ...]
    readable: bool = True


@dataclass(frozen=True, slots=True)
class Autograded:
    """What nbgrader made of one student's submission; without a score, `why`."""

    student: str
    score: float | None = None
    max_score: float = 0.0
    waits: bool = False
    why: str = ""


def students(folder: Path, assignment: str) -> list[str]:
    """Return who has handed in an assignment."""
    place = folder / SUBMITTED
    found = sorted(path.name for path in place.iterdir() if (path / assignment).is_dir()) if place.is_dir() else []
    found = [name for name in found if not name.startswith(".")]
    if not found:
        text = f"Nobody has handed in {assignment}: there is no {place / 'STUDENT' / assignment}."
        raise UsageError(
            text, f"nbgrader collect {assignment}, or nbgrader zip_collect for the download of a platform."
        )
    return found


def precheck(folder: Path, assignment: str) -> list[Checked]:
    """Look at every submitted notebook, and change none: what is wrong is mended when it is graded."""
    try:
        source = json.loads((folder / SOURCE / assignment / f"{assignment}.ipynb").read_text("utf-8"))
        ours = OURS in source["metadata"]
    except (OSError, ValueError, KeyError, TypeError):
        ours = False
    if not ours:
        text = f"{folder} has no assignment {assignment} of nnedu."
        raise UsageError(text, f"nnedu export nbgrader {assignment} --course {folder}")
    plan = plan_of(source)
    return [
        _looked_at(student, read_submitted(folder, student, assignment), plan)
        for student in students(folder, assignment)
    ]


def _looked_at(student: str, data: bytes | str, plan: Sequence[Any]) -> Checked:
    notebook = data if isinstance(data, str) else read_notebook(data)
    if isinstance(notebook, str):
        return Checked(student, (notebook,), readable=False)
    return Checked(student, tuple(one.sentence for one in mend(notebook, plan)[1]))


def read_submitted(folder: Path, student: str, assignment: str) -> bytes | str:
    """Return the bytes of a submitted notebook, or a sentence. Links and pipes are not followed."""
    path = folder / SUBMITTED / student / assignment / f"{assignment}.ipynb"
    flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
    try:
        with os.fdopen(os.open(path, flags), "rb") as file:
            if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
                return f"{path.name} is not an ordinary file."
            return file.read(MAX_NOTEBOOK + 1)
    except FileNotFoundError:
        return f"There is no {path.name}: it was renamed, or not handed in."
    except OSError as error:
        return f"{path.name} cannot be opened: {error.strerror}."


def autograde(
    folder: Path,
    assignment: str,
    names: Sequence[str],
    on_done: Callable[[Autograded], None],
    *,
    workers: int,
    force: bool,
) -> None:
    """Grade students with nbgrader, in processes of their own: one that dies is replaced, its student tried again."""
    _require()
    left = dict.fromkeys(names, 0)
    while left:
        # Whose process died takes others of the pool with it, so what is left then is tried alone.
        alone = any(left.values())
        with _pool(folder, 1 if alone else workers) as pool:
            waiting = {
                _submit(pool, assignment, name, force=force): name for name in (list(left)[:1] if alone else left)
            }
            while waiting:
                ended, _ = wait(waiting, return_when=FIRST_COMPLETED)
                for future in ended:
                    name = waiting.pop(future)
                    result = _result(future, name, left)
                    if result is not None:
                        del left[name]
                        on_done(result)


def _submit(pool: ProcessPoolExecutor, assignment: str, name: str, *, force: bool) -> Future[Autograded]:
    try:
        return pool.submit(_autograde_one, assignment, name, force=force)
    except BrokenProcessPool as error:
        broken: Future[Autograded] = multiprocessing_future()
        broken.set_exception(error)
        return broken


def multiprocessing_future() -> Future[Autograded]:
    """Return a future that is not of any pool."""
    from concurrent.futures import Future  # noqa: PLC0415 - at the top it is for types

    return Future()


def _result(future: Future[Autograded], name: str, left: dict[str, int]) -> Autograded | None:
    """Return what came of a student, or None where it is tried once more."""
    try:
        return future.result()
    except BrokenProcessPool:
        left[name] += 1
        if left[name] < TRIES:
            return None
        return Autograded(name, why="the process that graded it ended; look at it by hand")


def _pool(folder: Path, workers: int) -> ProcessPoolExecutor:
    context = multiprocessing.get_context("spawn")
    return ProcessPoolExecutor(workers, mp_context=context, initializer=_start, initargs=(str(folder),))


def _require() -> None:
    try:
        import nbgrader  # noqa: F401, PLC0415 - from an extra
    except ImportError as error:
        text = "nbgrader is not installed."
        raise UsageError(text, INSTALL) from error


def _start(folder: str) -> None:
    """Make a process ready: nbgrader takes the folder it is in for its course, and calls programs by their names."""
    os.chdir(folder)
    programs = str(Path(sys.executable).parent)
    os.environ["PATH"] = f"{programs}{os.pathsep}{os.environ.get('PATH', '')}"
    warnings.simplefilter("ignore")  # of nbgrader's libraries
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stderr.fileno())  # kernels write there; what matters is returned


@cache
def _nbgrader() -> Any:
    """Return nbgrader, with the settings of the course."""
    from nbgrader.apps import NbGrader, NbGraderAPI  # noqa: PLC0415

    with contextlib.redirect_stderr(io.StringIO()):
        app = NbGrader()
        app.initialize([])
    for handler in list(app.log.handlers):
        app.log.removeHandler(handler)
    app.log.propagate = False
    return NbGraderAPI(coursedir=app.coursedir, parent=app)


def _autograde_one(assignment: str, student: str, *, force: bool) -> Autograded:
    """Grade one student with nbgrader, in a process that was made for it."""
    from nbgrader.api import Gradebook, MissingEntry  # noqa: PLC0415

    api = _nbgrader()
    said = api.autograde(assignment, student, force=force)
    if not said["success"]:
        return Autograded(student, why=_last_word(said))
    with Gradebook(api.coursedir.db_url, api.coursedir.course_id) as book:
        try:
            found = book.find_submission(assignment, student)
        except MissingEntry:
            return Autograded(student, why="nbgrader kept no submission of it")
        return Autograded(student, found.score, found.max_score, bool(found.needs_manual_grade))


def _last_word(said: dict[str, str]) -> str:
    """Return the line of nbgrader's log that says what went wrong."""
    lines = [line.strip() for line in f"{said.get('log', '')}\n{said.get('error', '')}".splitlines()]
    errors = [line for line in lines if "Error" in line and not line.startswith(("File ", "[", "raise "))]
    return (errors or [line for line in lines if line] or ["nbgrader failed"])[0][:200]
