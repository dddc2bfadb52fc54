"""The lessons of a course side by side, one process for each core: proofs of one tell nothing of another."""

from __future__ import annotations

import multiprocessing
from concurrent.futures import BrokenExecutor, ProcessPoolExecutor
from typing import TYPE_CHECKING, TypeVar

from nnedu.course import load_course
from nnedu.errors import CourseFault
from nnedu.running.processes import end_pool, end_with_parent, without_interrupts

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from nnedu.course import Course, Lesson

T = TypeVar("T")


def each(work: Callable[[Course, Lesson], T], course: Course, lessons: Sequence[Lesson], workers: int) -> Iterator[T]:
    """Yield what a function of a module makes of each lesson, in the order of the lessons."""
    others = multiprocessing.active_children()
    context = multiprocessing.get_context("spawn")
    pool = ProcessPoolExecutor(min(workers, len(lessons)), context, initializer=end_with_parent)
    try:
        with without_interrupts():
            # The later ones train more: they begin first, so that none is left over at the end.
            begun = {lesson.id: pool.submit(_one, work, course.root, lesson.id) for lesson in reversed(lessons)}
        for lesson in lessons:
            try:
                yield begun[lesson.id].result()
            except BrokenExecutor as error:
                text = f"The process that proved {lesson.id}, or a lesson beside it, has ended."
                raise CourseFault(text, f"Look at one alone: nnedu course verify {lesson.id}") from error
    finally:
        end_pool(pool, others)


def _one(work: Callable[[Course, Lesson], T], root: Path, lesson: str) -> T:
    course = load_course(root)
    return work(course, course.lesson(lesson))
