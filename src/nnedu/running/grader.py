"""One grader process: the checks of a lesson collected once, a sandbox, and submissions one after the other."""

from __future__ import annotations

import faulthandler
import os
import tempfile
import threading
import time
import warnings
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from nnedu.diagnosis.trace import replaying
from nnedu.errors import CourseFault, NneduError, UsageError
from nnedu.outcome import LessonOutcome  # noqa: TC001 - msgspec reads the annotations of Result
from nnedu.running import cores
from nnedu.running.bench import Bench
from nnedu.running.collect import collect
from nnedu.running.evidence import Live, Remembered
from nnedu.running.limits import limits_of, policy_of
from nnedu.running.talks import Talks
from nnedu.running.work import Work
from nnedu.sandbox.confinement import Confinement

if TYPE_CHECKING:
    from collections.abc import Sequence

    from nnedu.course import Course, Lesson
    from nnedu.running.collect import Exercise
    from nnedu.running.kit import Kit


DEADLINE = 5  # times what a submission may take, checks and all


class Result(msgspec.Struct, frozen=True):
    """What came of one submission, and the layers that its code was confined by.

    `fault`: why there is no outcome, which is never the student's fault.
    """

    outcome: LessonOutcome | None
    layers: str = ""
    fault: str = ""


def pack_work(work: Work) -> bytes:
    """Return what is graded of a submission, the same bytes for the same work."""
    return msgspec.json.encode((work.sources, work.problems), order="deterministic")


def unpack_work(data: bytes) -> Work:
    """Return the work that was packed."""
    return Work(*msgspec.json.decode(data, type=tuple[dict[str, str], dict[str, str]]))


class Grader:
    """Everything that grading a submission of one lesson needs, made once."""

    def __init__(self, kit: Kit, *, own_core: bool = False) -> None:
        self._open = ExitStack()
        if own_core:
            self._open.enter_context(cores.own_core())
        if kit.files is not None:
            folder = self._open.enter_context(tempfile.TemporaryDirectory(prefix="nnedu-lesson-"))
            kit = kit.unpacked(Path(folder))
        kit.prove()
        self._course, lesson = kit.course, kit.lesson
        exercises = collect(lesson.graders_folder, lesson.modules)
        evidence = Remembered(self._course, lesson)
        with replaying():  # the command has its references proved
            _record(evidence, exercises)
        self._bench = Bench(lesson.id, exercises, evidence, kit.stubs, Talks())
        self._limits = limits_of(self._course)
        self._nowhere = self._open.enter_context(Path(os.devnull).open("w", encoding="utf-8"))  # noqa: SIM115 - it is one
        self._confinement = self._open.enter_context(Confinement(policy_of(self._course)))

    def grade(self, work: Work) -> Result:
        """Grade one submission, confined. A crash of the engine is said of this submission, and stops no other."""
        layers = self._confinement.layers.sentence()
        # A grader that never ends over somebody's values ends here, with its process; the batch takes it from there.
        faulthandler.dump_traceback_later(DEADLINE * self._limits.total, exit=True, file=self._nowhere)
        submission = work.open(self._course.imports, self._limits, self._confinement.channel)
        try:
            with replaying():
                return Result(self._bench.examine(submission), layers)
        except Exception as error:  # noqa: BLE001 - whatever it is, it is put into words for the instructor
            return Result(None, layers, f"nnedu failed on it ({type(error).__name__}: {error})")
        finally:
            submission.close()
            faulthandler.cancel_dump_traceback_later()

    def close(self) -> None:
        """End the sandbox, and remove what was unpacked."""
        self._open.close()


_lock = threading.Lock()  # a cluster may give one process several jobs at a time
_kits: dict[str, tuple[Kit, bool]] = {}
_graders: dict[str, Grader] = {}


def equip(name: str, kit: Kit, *, own_core: bool) -> None:
    """Give this process what it will grade a class with, by a name of that class, and perhaps a core of its own."""
    _kits[name] = kit, own_core


def ready(name: str) -> None:
    """Make the grader, if there is none; it takes longer than a submission."""
    with _lock:
        _grader(name)


def grade_all(name: str, works: Sequence[bytes]) -> tuple[float, list[bytes]]:
    """Grade submissions that have come from another process; return the seconds that took, and the results."""
    with _lock:
        one = _grader(name)
        began = time.perf_counter()
        found = [msgspec.json.encode(one.grade(unpack_work(work))) for work in works]
        return time.perf_counter() - began, found


def dismiss(name: str) -> None:
    """Forget what a class is graded with."""
    with _lock:
        _kits.pop(name, None)
        if name in _graders:
            _graders.pop(name).close()


def _grader(name: str) -> Grader:
    if name not in _graders:
        if name not in _kits:
            text = "A grader process has not been given the lesson."
            raise UsageError(text, "Run the command again.")
        kit, own_core = _kits[name]
        _graders[name] = Grader(kit, own_core=own_core)
    return _graders[name]


def prove_solution(course: Course, lesson: Lesson, exercises: Sequence[Exercise]) -> None:
    """Run every check on the solution, with its references proved, and raise CourseFault where one does not pass."""
    _record(Live(course, lesson), exercises)


def _record(evidence: Live, exercises: Sequence[Exercise]) -> None:
    """Make the recording of every check now, and say which one fails."""
    step = f"Nobody has been graded. More is said by: nnedu course verify {evidence.lesson.id}"
    with warnings.catch_warnings():  # of numpy, in a grader's formula
        warnings.simplefilter("ignore")
        for check in (check for exercise in exercises for check in exercise.checks):
            try:
                evidence.trace(check)
            except NneduError as error:
                raise CourseFault(error.sentence, error.next_step or step) from error
            except Exception as error:
                text = f"The check {check.id} crashes on the solution: {type(error).__name__}: {error}"
                raise CourseFault(text, step) from error
