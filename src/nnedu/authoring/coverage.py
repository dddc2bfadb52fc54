"""What a course owes to the texts it grew from: docs/seeds.toml, held against the exercises that there are.

A system is something that a seed text teaches or claims, a defect something that it gets wrong. Each system has to be
taken up by an exercise, each defect used by one, or labelled with a reason. Of lessons still to come, names are a plan.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import msgspec

from nnedu.course.quiz import load_quizzes
from nnedu.errors import CourseFault
from nnedu.running.collect import collect
from nnedu.running.evidence import Live

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from nnedu.course import Course, Lesson

SEEDS = "docs/seeds.toml"
Built = dict[int, dict[str, frozenset[str]]]  # lesson -> exercise -> its checks, mistakes and questions


class System(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Something that a seed text teaches, builds or claims."""

    id: str
    section: str
    what: str


class Defect(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Something that a seed text gets wrong. `used` names exercises, or one thing in them: exercise/mistake."""

    id: str
    where: str
    what: str
    used: tuple[str, ...] = ()
    because: str = ""


class LessonPlan(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The systems that each exercise of a lesson covers. A title is needed until course.toml has the lesson."""

    covers: dict[str, tuple[str, ...]]
    title: str = ""


class Seeds(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The seed texts of a course: what is in them, and where it went."""

    texts: dict[str, str]
    lesson: dict[int, LessonPlan]
    system: tuple[System, ...]
    defect: tuple[Defect, ...] = ()

    def covering(self, system: str) -> list[tuple[int, str]]:
        """Return the exercises that cover a system, each with the number of its lesson, in their order."""
        return [
            (number, exercise)
            for number, plan in sorted(self.lesson.items())
            for exercise, systems in plan.covers.items()
            if system in systems
        ]

    def lesson_of(self, exercise: str) -> int:
        """Return the number of the lesson that has an exercise, 0 if none has."""
        return next((number for number, plan in sorted(self.lesson.items()) if exercise in plan.covers), 0)


def load_seeds(root: Path) -> Seeds:
    """Read docs/seeds.toml of a course."""
    path = root / SEEDS
    try:
        return msgspec.toml.decode(path.read_bytes(), type=Seeds, strict=False)
    except FileNotFoundError as error:
        text = f"This course has no {SEEDS}, so there is nothing that its exercises have to cover."
        raise CourseFault(text, "docs/authoring.md says what stands in it.") from error
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        text = f"{path} cannot be read: {error}."
        raise CourseFault(text) from error


def built(course: Course) -> Built:
    """Return the exercises that a course has, quizzes among them, and what can be named in each."""
    return {lesson.number: _exercises(course, lesson) for lesson in course.lessons}


def _exercises(course: Course, lesson: Lesson) -> dict[str, frozenset[str]]:
    live = Live(course, lesson)
    found = {
        one.id: frozenset(check.name.partition("[")[0] for check in one.checks)
        | frozenset(known.id for known in live.mistakes(one.id))
        for one in collect(lesson.graders_folder, lesson.modules)
    }
    quizzes = load_quizzes(course, lesson)
    return found | {quiz.id: frozenset(question.id for question in quiz.questions) for quiz in quizzes}


def problems(seeds: Seeds, there: Built) -> Iterator[str]:
    """Yield what seeds.toml and the course do not agree on, and what is covered by nothing."""
    names = Counter([*(one.id for one in seeds.system), *(one.id for one in seeds.defect)])
    yield from (f"{name} is listed {count} times" for name, count in names.items() if count > 1)
    for number, exercises in there.items():
        planned = seeds.lesson[number].covers if number in seeds.lesson else {}
        for exercise in [name for name in planned if name not in exercises]:
            yield f"{exercise} is listed for lesson {number}, which has no such exercise"
        for exercise in [name for name in exercises if not planned.get(name)]:
            yield f"{exercise} of lesson {number} is listed with no system that it covers"
    for number in [number for number, plan in seeds.lesson.items() if number not in there and not plan.title]:
        yield f"lesson {number} is not in course.toml yet, and has no title"
    yield from _system_problems(seeds)
    for defect in seeds.defect:
        yield from _defect_problems(defect, seeds, there)


def _system_problems(seeds: Seeds) -> Iterator[str]:
    known = [system.id for system in seeds.system]
    for plan in seeds.lesson.values():
        for exercise, systems in plan.covers.items():
            yield from (f"{exercise} covers {one}, which is not listed" for one in systems if one not in known)
    yield from (f"{system} is covered by no exercise" for system in known if not seeds.covering(system))


def _defect_problems(defect: Defect, seeds: Seeds, there: Mapping[int, Mapping[str, frozenset[str]]]) -> Iterator[str]:
    if not defect.used and not defect.because:
        yield f"{defect.id} is used by no exercise, and no reason is given"
    for use in defect.used:
        exercise, _, part = use.partition("/")
        number = seeds.lesson_of(exercise)
        if not number:
            yield f"{defect.id} is said to be used by {exercise}, which no lesson lists"
        elif part and part not in there.get(number, {}).get(exercise, frozenset()):
            yield f"{defect.id} is said to be used by {use}; {exercise} has no check, mistake or question of that name"
