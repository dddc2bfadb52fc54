"""Talks kept over a class: nobody is judged otherwise, and who answers as somebody before is not judged twice."""

import contextlib
import time
from pathlib import Path

import msgspec
import numpy as np
import pytest

from nnedu.authoring.simulate import with_implementation
from nnedu.checking import assert_close, assert_that
from nnedu.course import load_course
from nnedu.errors import CourseFault
from nnedu.outcome import State
from nnedu.publishing.stubs import lesson_stubs
from nnedu.running import talks as talks_module
from nnedu.running.collect import collect
from nnedu.running.evidence import Live
from nnedu.running.grader import Grader
from nnedu.running.kit import kit_of
from nnedu.running.talks import Talks
from nnedu.running.work import Work
from nnedu.sandbox import talk as talk_module
from nnedu.sandbox.client import Proxy
from nnedu.sandbox.confinement import Confinement
from nnedu.sandbox.failure import StudentFailure
from nnedu.sandbox.layers import Policy
from nnedu.sandbox.submission import Limits, Submission

ALLOWED = frozenset({"numpy", "os", "time"})
SOURCE = """
import numpy as np

asked = []

class Counter:
    def __init__(self, start=0.0):
        self.total = start
    def add(self, number):
        self.total += number
        return self.total

def double(x):
    asked.append("double")
    return 2 * x

def slope(f, x):
    return (f(x + 1.0) - f(x - 1.0)) / 2.0

def count():
    return len(asked)
"""


@pytest.fixture(scope="module")
def confinement():
    with Confinement(Policy(memory_mib=512)) as one:
        yield one


@pytest.fixture
def run(confinement):
    """Judge a source by a check that is a function of a student; say what came of it, and whether the check ran."""
    talks = Talks()

    def judge(check, source=SOURCE, limits=None, name="check"):
        texts = {"m": source}
        submission = Submission(
            texts, lambda: confinement.channel(texts, ALLOWED), allowed=ALLOWED, limits=limits or Limits(5.0)
        )
        ran = []

        def run_it(player):
            ran.append(player)
            check(Proxy(player, "m"))

        raised = None
        try:
            talks.judge(name, submission, run_it)
        except (AssertionError, StudentFailure, CourseFault) as error:
            raised = error
        finally:
            submission.close()
        return Came(bool(ran), raised, submission)

    return judge


class Came:
    """What came of one judgement."""

    def __init__(self, ran, raised, submission):
        self.ran = ran
        self.raised = raised
        self.notes = submission.take_notes()
        self.seconds = submission.seconds
        self.spent = submission._spent


def doubles(student):
    x = np.arange(3.0)
    assert_close(student.double(x), 2 * x)
    assert_close(student.double(-x), -2 * x)
    assert_that(student.count() == 2, "double is called twice")


def test_who_answers_as_somebody_before_is_not_judged_again(run):
    assert run(doubles).ran
    second = run(doubles, SOURCE + "\n# by somebody else\n")
    assert not second.ran
    assert second.raised is None
    assert second.seconds > 0
    assert second.spent > second.seconds


@pytest.mark.parametrize(
    ("change", "passes"),
    [
        (("2 * x", "3 * x"), False),
        (("2 * x", "2 * x if x[-1] > 0 else x"), False),
        (("2 * x", "2 * x * (1 + 2**-52)"), True),
        (("2 * x", "2 * x if x[-1] > 0 else 2 * x - 1e-15"), True),
        (("return len(asked)", "return 1"), False),
        (('append("double")', "extend('ab')"), False),
        (("return 2 * x", "raise ValueError"), False),
    ],
)
def test_who_answers_otherwise_is_judged_by_the_check_and_asked_nothing_twice(run, change, passes):
    """`count` would tell of a call too many."""
    assert run(doubles).raised is None
    other = run(doubles, SOURCE.replace(*change))
    assert other.ran
    assert (other.raised is None) == passes
    if passes:
        assert not run(doubles, SOURCE.replace(*change)).ran
    assert not run(doubles).ran


def test_a_function_of_the_grader_is_called_where_the_check_runs(run):
    """The first callback is told, the second one is new: the check hears both, in their order."""

    def check(student):
        heard = []

        def square(x):
            heard.append(float(x))
            return x * x

        assert_close(student.slope(square, 3.0), 6.0)
        assert_that(len(heard) == 2, f"it is called twice, and not at {heard}")

    assert run(check).ran
    assert not run(check).ran
    other = run(check, SOURCE.replace("f(x - 1.0)) / 2.0", "f(x - 0.5)) / 1.5 - 0.5"))
    assert other.ran
    assert other.raised is None, other.raised
    wrong = run(check, SOURCE.replace("f(x - 1.0))", "f(x - 1.0) + 0 * f(x))"))
    assert "not at [4.0, 2.0, 3.0]" in str(wrong.raised)


def test_objects_of_a_submission_are_asked_in_its_own_worker(run):
    def check(student):
        counter = student.Counter(1.0)
        assert_close(counter.add(2.0), 3.0)
        assert_close(counter.add(3.0), 6.0)

    assert run(check).ran
    assert not run(check).ran
    other = run(check, SOURCE.replace("return self.total", "return self.total if self.total < 5 else 6.5"))
    assert other.ran
    assert "6.5" in str(other.raised)


def test_what_is_printed_is_noted_with_everybody_who_prints_it(run):
    printing = SOURCE.replace("return 2 * x", "print('twice', x[0])\n    return 2 * x")
    first, second = run(doubles, printing), run(doubles, printing)
    assert first.ran
    assert not second.ran
    assert second.notes == first.notes
    assert first.notes[0] == "printed: twice 0.0"
    assert second.seconds > 0
    silent = run(doubles)
    assert silent.ran
    assert silent.notes == ()


def test_a_call_that_never_ends_is_stopped_and_said_just_so(run):
    looping = SOURCE.replace("return 2 * x", "while x[-1] < 0: pass\n    return 2 * x")
    limits = Limits(0.5)
    alone = run(doubles, looping, limits, name="another check")
    assert run(doubles).ran
    told = run(doubles, looping, limits)
    assert told.ran
    for came in (alone, told):
        assert came.raised.state is State.STOPPED
        assert 0.5 < came.spent < 3.0
    assert str(told.raised) == str(alone.raised)
    assert told.raised.summary == alone.raised.summary


def test_a_worker_that_ends_is_said_just_so(run):
    ending = SOURCE.replace("return 2 * x", "os._exit(1)").replace("import numpy as np", "import os, numpy as np")
    alone = run(doubles, ending, name="another check")
    run(doubles)
    told = run(doubles, ending)
    assert alone.raised.state is told.raised.state is State.RAISED
    assert str(told.raised) == str(alone.raised)


def test_a_module_that_cannot_be_loaded_meets_the_check(run):
    run(doubles)
    came = run(doubles, SOURCE + "\n1 / 0\n")
    assert came.ran
    assert "ZeroDivisionError" in str(came.raised)


@pytest.mark.parametrize("change", ["1 / 0", "def slope(f, x):\n    f(x + 1.0)\n    os._exit(1)"])
def test_a_failure_that_a_check_forgives_says_nothing_of_others(confinement, change):
    """What was not heard is in no talk: others would pass who were never asked."""
    talks, ran = Talks(), []

    def forgiving(player):
        ran.append(player)
        assert_close(Proxy(player, "m").count(), 0)
        with contextlib.suppress(StudentFailure):
            assert_close(Proxy(player, "n").slope(lambda x: x, 3.0), 1.0)

    source = SOURCE.replace("import numpy as np", "import os, numpy as np")
    for broken in (source + change, source.replace("/ 2.0", "/ 3.0")):
        texts = {"m": source, "n": broken}
        submission = Submission(texts, lambda texts=texts: confinement.channel(texts, ALLOWED), allowed=ALLOWED)
        try:
            talks.judge("check", submission, forgiving)
        except AssertionError as error:
            assert "0.66" in str(error)  # noqa: PT017 - of the second one
        submission.close()
    assert len(ran) == 2


def test_a_failure_of_an_object_that_a_check_forgives_says_nothing_of_others(confinement):
    """Its calls do not go through the check's own hands."""
    talks, ran = Talks(), []

    def forgiving(submission):
        ran.append(submission)
        counter = Proxy(submission, "m").Counter(1.0)
        submission._spent_on[""] += 100.0 if len(ran) == 1 else 0.0
        with contextlib.suppress(StudentFailure):
            assert_close(counter.add(2.0), 3.0)

    for source in (SOURCE, SOURCE.replace("return self.total", "return 7.0")):
        texts = {"m": source}
        submission = Submission(texts, lambda texts=texts: confinement.channel(texts, ALLOWED), allowed=ALLOWED)
        with contextlib.suppress(AssertionError):
            talks.judge("check", submission, forgiving)
        submission.close()
    assert len(ran) == 2


def test_a_call_has_its_own_time_though_the_check_takes_long(run):
    """The check runs while the student's call waits for the answer to a callback that is new."""
    slow = iter([False, True])

    def check(student):
        time.sleep(1.2 * next(slow))
        assert_close(student.slope(lambda x: x, 3.0), 1.0, rtol=1e-3)

    assert run(check, limits=Limits(1.0)).raised is None
    came = run(check, SOURCE.replace("f(x - 1.0)) / 2.0", "f(x - 0.5)) / 1.5"), Limits(1.0))
    assert came.ran
    assert came.raised is None


def test_a_check_that_asks_nothing_always_runs(run):
    for _ in range(2):
        assert run(lambda _: None).ran


def test_a_check_that_looks_at_the_clock_always_runs(run):
    def of_a_function(student):
        assert_that(student.double.reply(np.ones(2)).seconds < 5.0, "it is fast")

    def of_an_object(student):
        assert_that(student.Counter(1.0).add.reply(2.0).seconds < 5.0, "it is fast")

    for check in (of_a_function, of_an_object):
        for _ in range(2):
            assert run(check, name=check.__name__).ran


def test_a_check_that_says_different_things_after_the_same_answers_begins_anew(run):
    """As where an exception names a memory address: who comes after somebody who met it is judged as if alone."""
    addresses = iter(range(9))

    def check(student):
        def refuse(x):
            text = f"unknown: <object at 0x{next(addresses):x}>"
            raise ValueError(text)

        assert_that(student.count() == 0, "nothing was asked before")
        student.guarded(refuse, 3.0)
        assert_close(student.double(1.0), 2.0)

    source = (
        SOURCE
        + """
def guarded(f, x):
    asked.append("guarded")
    try:
        return f(x)
    except ValueError:
        return 0.0
"""
    )
    assert run(check, source).raised is None
    wrong = run(check, source.replace("2 * x", "3 * x"))
    assert wrong.ran
    assert isinstance(wrong.raised, AssertionError)
    right = run(check, source + "# another\n")
    assert right.raised is None


def test_a_check_that_ends_early_leaves_nothing_for_the_next_one(confinement):
    """Its worker waits for the answer to a callback, and would take the next call for it."""
    talks, found = Talks(), []

    def check(student, *, whole):
        student.double(1.0)
        if whole:
            student.slope(lambda x: x, 3.0)

    for source in (SOURCE, SOURCE.replace("x - 1.0", "x - 0.5")):
        texts = {"m": source}
        submission = Submission(texts, lambda texts=texts: confinement.channel(texts, ALLOWED), allowed=ALLOWED)
        talks.judge("check", submission, lambda player: check(Proxy(player, "m"), whole=not found))
        found.append(Proxy(submission, "m").double(5.0))
        submission.close()
    assert found == [10.0, 10.0]


def test_what_was_told_takes_its_time_once(run):
    """In the seconds of the submission, and in what is left of its limits."""
    slow = SOURCE.replace("return 2 * x", "import time\n    time.sleep(0.5 if x[-1] > 0 else 0)\n    return 2 * x")
    first, second = run(doubles, slow), run(doubles, slow)
    wrong = run(doubles, slow.replace("return len(asked)", "return 3"))
    assert [first.ran, second.ran, wrong.ran] == [True, False, True]
    for came in (first, second, wrong):
        assert 0.5 < came.seconds < 0.95
        assert 0.5 < came.spent < 0.95


def test_nothing_is_said_where_no_time_is_left(confinement):
    """As the check would say nothing. The worker goes on, for other exercises."""
    talks, found = Talks(), []
    for exercise in ("first", "second"):
        submission = Submission({"m": SOURCE}, lambda: confinement.channel({"m": SOURCE}, ALLOWED), allowed=ALLOWED)
        submission.begin(exercise)
        if exercise != "first":
            Proxy(submission, "m").double(1.0)
            submission._spent_on[exercise] = 100.0
        with contextlib.suppress(StudentFailure):
            talks.judge("check", submission, lambda player: doubles(Proxy(player, "m")))
        submission.begin("another")
        found.append(Proxy(submission, "m").count())
        submission.close()
    assert found == [2, 1]


def test_what_was_told_stays_as_it_was(run):
    """Frames lie in a buffer that is used again; a check hears them later."""

    def check(student):
        for number in range(9):
            x = np.full(3_000, float(number))
            assert_close(student.double(x), 2 * x)
        assert_that(student.count() == 9, "double is called nine times")

    assert run(check).raised is None
    came = run(check, SOURCE.replace("return len(asked)", "return len(asked) + 0.0"))
    assert came.ran
    assert came.raised is None


def test_only_so_much_is_kept(run, monkeypatch):
    """A class in which everybody answers otherwise takes no more memory than that."""
    monkeypatch.setattr(talks_module, "MOST", 8_000)
    for number in range(9):
        assert run(doubles, SOURCE.replace("2 * x", f"2 * x + {number}e-12")).ran
    assert not run(doubles, SOURCE.replace("2 * x", "2 * x + 8e-12")).ran
    assert run(doubles, SOURCE.replace("2 * x", "2 * x + 0e-12")).ran
    monkeypatch.setattr(talk_module, "MOST", 1_000)
    assert run(doubles, name="another check").ran
    assert run(doubles, name="another check").ran


@pytest.mark.parametrize("name", ["lesson03_activations", "lesson06_optimizers"])
def test_a_class_is_judged_as_everybody_would_be_alone(name):
    """The solution, the stubs, and every mistake and variant whose source can be made, each with all else right."""
    course = load_course(Path(__file__).parents[2])
    lesson = course.lesson(name)
    live, stubs = Live(course, lesson), lesson_stubs(lesson)
    modules = {one.id: one.module for one in collect(lesson.graders_folder, lesson.modules)}
    works = [live.sources, stubs, *(live.sources | {module: stubs[module]} for module in lesson.modules)]
    for one in [*live.implementations[::3], *live.variants]:
        module = modules[one.mark.exercise]
        try:
            works.append(live.sources | {module: with_implementation(lesson, module, one)})
        except CourseFault:  # one that stands on the right function has no source of its own
            continue
    grader = Grader(kit_of(course, lesson, stubs))
    found = []
    for talks in (None, Talks()):
        grader._bench._talks = talks
        found.append([without_times(grader.grade(Work(dict(work), {}))) for work in works])
    grader.close()
    assert found[0] == found[1]
    assert len(works) > 30


def without_times(result):
    return msgspec.structs.replace(result, outcome=msgspec.structs.replace(result.outcome, seconds=0.0))
