"""Lessons proved side by side: in their order, and none is lost without a word."""

import os
import time

import pytest

from nnedu.authoring.lessons import each
from nnedu.errors import CourseFault


def slowest_first(course, lesson):
    time.sleep(0.5 if lesson == course.lessons[0] else 0)
    return lesson.id, os.getpid()


def fails_in_the_second(course, lesson):
    if lesson == course.lessons[1]:
        text = "Nothing in this lesson can be proved."
        raise CourseFault(text, "Mend it.")
    return lesson.id


def ends_its_process(course, lesson):
    os._exit(1)


def test_are_processes_of_their_own_and_come_in_order(tiny):
    found = list(each(slowest_first, tiny, tiny.lessons, 2))
    assert [lesson for lesson, _ in found] == [lesson.id for lesson in tiny.lessons]
    assert len(found) > 1
    assert len({process for _, process in found} | {os.getpid()}) == 3


def test_a_fault_is_passed_on_whole(tiny):
    results = each(fails_in_the_second, tiny, tiny.lessons, 2)
    assert next(results) == tiny.lessons[0].id
    with pytest.raises(CourseFault) as error:
        next(results)
    assert error.value.next_step == "Mend it."


def test_a_process_that_ends_is_said(tiny):
    with pytest.raises(CourseFault, match=rf"proved {tiny.lessons[0].id}, or a lesson beside it, has ended"):
        next(each(ends_its_process, tiny, tiny.lessons, 2))
