"""The bench: a submission goes in, an outcome comes out; nothing wrong passes, nothing right fails, no fault counts."""

import re

import pytest

from nnedu.course import load_course
from nnedu.outcome import CheckOutcome, ExerciseOutcome, LessonOutcome, State, lesson_json, settle
from nnedu.publishing.stubs import lesson_stubs
from nnedu.running.bench import Bench, line_of, with_prerequisites
from nnedu.running.collect import collect
from nnedu.running.evidence import Live, local_submission
from nnedu.running.work import Work, read_folder

ZEROS = """
import numpy as np


def line(x, slope, intercept):
    return np.zeros_like(x)


def fit(x, y):
    return 0.0, 0.0


def slope_gradient(x, y, slope):
    return np.zeros(1)


def step(value, velocity, gradient):
    return np.zeros_like(value), np.zeros_like(velocity)


def shuffled(values, rng):
    return np.zeros_like(values)


class RunningMean:
    def add(self, number):
        pass

    def mean(self):
        return 0.0
"""


def bench_of(course, name="lines"):
    lesson = course.lesson(name)
    return Bench(lesson.id, collect(lesson.graders_folder, lesson.modules), Live(course, lesson))


@pytest.fixture
def bench(tiny):
    return bench_of(tiny)


def examined(bench, sources, **options):
    """Run a submission in this process."""
    return bench.examine(local_submission(sources, bench.evidence.allowed), **options)


def in_process(bench, work):
    """Run a submission in a process of its own."""
    submission = work.open(bench.evidence.allowed)
    try:
        return bench.examine(submission)
    finally:
        submission.close()


@pytest.fixture
def solution(bench):
    return bench.evidence.sources["lines"]


def states(outcome):
    return {exercise.id: exercise.state for exercise in outcome.exercises}


def test_the_solution_gets_everything(bench, solution):
    """In a process of its own, too."""
    for outcome in (examined(bench, {"lines": solution}), in_process(bench, Work({"lines": solution}))):
        assert outcome.complete
        assert outcome.points == outcome.max_points == 18
        assert outcome.first_cause is None
        assert outcome.seconds > 0
        assert [exercise.summary for exercise in outcome.exercises] == [
            "4 checks",
            "2 checks",
            "1 check",
            "1 check",
            "1 check",
            "1 check",
        ]
        assert outcome.exercises[0].line == solution[: solution.index("def line")].count("\n") + 1


@pytest.mark.parametrize("name", ["lines", "sums"])
def test_every_mistake_loses_points_in_its_own_exercise_and_is_named(tiny, name):
    """And nowhere is a variant short of a point."""
    bench = bench_of(tiny, name)
    for one in bench.evidence.implementations:
        (outcome,) = bench.examine(bench.evidence.player(one), only=one.mark.exercise).exercises
        assert outcome.points < outcome.max_points, one.name
        assert outcome.diagnosis.mistake == one.name
        assert outcome.diagnosis.sentence == one.mark.sentence
    for one in bench.evidence.variants:
        assert bench.examine(bench.evidence.player(one)).complete, one.name


def test_the_stub_earns_nothing(bench, tiny):
    """Every exercise is not started; none waits for another that is not started either."""
    outcome = in_process(bench, Work(lesson_stubs(tiny.lesson("lines"))))
    assert (outcome.points, outcome.max_points, outcome.complete) == (0, 18, False)
    assert set(states(outcome).values()) == {State.NOT_STARTED}
    assert outcome.first_cause.id == "line"


def test_zeros_earn_nothing(bench):
    """All of the right form, and all wrong."""
    outcome = examined(bench, {"lines": ZEROS})
    assert outcome.points == 0
    assert set(states(outcome).values()) == {State.FAILED, State.WAITING}


@pytest.mark.parametrize("name", ["lines", "sums"])
def test_an_empty_folder_never_passes(tiny, tmp_path, name):
    """Nothing was handed in: no point, no state that looks like one."""
    bench = bench_of(tiny, name)
    outcome = in_process(bench, read_folder(tmp_path, tiny.lesson(name).modules))
    assert (outcome.points, outcome.complete) == (0, False)
    assert all(check.state is State.RAISED for exercise in outcome.exercises for check in exercise.checks)
    assert outcome.exercises[0].checks[0].message.startswith(f"{name}.py is missing.")


def test_a_clean_clone_never_passes(tiny):
    """What lies in exercises/ is what a student starts from: not one lesson of it is complete."""
    for lesson in tiny.lessons:
        outcome = in_process(bench_of(tiny, lesson.id), read_folder(lesson.exercises_folder, lesson.modules))
        assert (outcome.points, outcome.complete) == (0, False)


def test_nothing_at_all_is_not_complete(bench, solution):
    """No exercise is not every exercise, no check no pass."""
    assert not LessonOutcome("lesson01_lines", ()).complete
    assert not examined(bench, {"lines": solution}, only="unknown").complete
    assert settle(())[0] is State.FAULT


ODD = {
    "None": "None",
    "nan": "float('nan')",
    "text": "'right'",
    "list": "[1.0]",
    "empty": "np.zeros(0)",
    "itself": "sys",
    "huge": "10**400",
    "deep": "[[[[[[[[1.0]]]]]]]]",
    "float32": "np.ones(7, dtype='f4')",
    "generator": "np.random.default_rng(0)",
    "dict": "{'W': 1}",
}


@pytest.mark.parametrize("value", ODD.values(), ids=ODD)
def test_odd_values_earn_nothing_and_are_never_a_fault(bench, value):
    """Who returns them cannot have a check taken out of the reckoning."""
    functions = re.findall(r"^def .*|^    def (?:add|mean).*", ZEROS, re.MULTILINE)
    source = "import numpy as np\nimport functools as sys\n" + "".join(
        f"{head}\n    return {value}\n" for head in functions if head.startswith("def")
    )
    source += (
        f"class RunningMean:\n    def add(self, number):\n        pass\n    def mean(self):\n        return {value}\n"
    )
    outcome = examined(bench, {"lines": source})
    assert (outcome.points, outcome.max_points) == (0, 18)
    assert not [check for exercise in outcome.exercises for check in exercise.checks if check.state is State.FAULT]


def test_each_exercise_earns_on_its_own_merit(bench, solution):
    """One that comes after a failing one waits where it fails too, and passes where it does not."""
    wrong_line = solution.replace("return slope * np.asarray(x, dtype=float) + intercept", "return np.asarray(x)")
    outcome = examined(bench, {"lines": wrong_line})
    assert (states(outcome)["line"], states(outcome)["fit"]) == (State.FAILED, State.PASSED)
    both = examined(bench, {"lines": wrong_line.replace("return slope, float(", "return -slope, float(")})
    assert (states(both)["line"], states(both)["fit"]) == (State.FAILED, State.WAITING)
    assert both.exercises[1].summary == "waits for line"
    assert both.first_cause.id == "line"
    assert states(both)["step"] is State.PASSED


def test_one_exercise_alone_can_be_checked(bench, solution):
    """With what comes of it while it goes on."""
    seen = []
    outcome = examined(bench, {"lines": solution}, only="step", on_exercise=seen.append)
    assert [exercise.id for exercise in seen] == ["step"]
    assert outcome.max_points == 3


def test_a_loop_without_end_costs_its_own_exercise_only(tiny, solution, opened):
    """The others are judged as ever."""
    bench = bench_of(tiny)
    source = solution.replace("    velocity = FRICTION * velocity + gradient\n", "    while True:\n        pass\n")
    submission = opened("", lines=source, call=0.5)
    outcome = bench.examine(submission)
    found = states(outcome)
    assert found.pop("step") is State.STOPPED
    assert set(found.values()) == {State.PASSED}
    assert "in the loop `while True`" in outcome.exercises[3].summary


def test_notes_belong_to_the_exercise(bench, solution):
    """What was printed while it ran, and what numpy warned of."""
    source = solution.replace(
        "    velocity = FRICTION", "    print('here')\n    np.log(np.zeros(1))\n    velocity = FRICTION"
    )
    outcome = examined(bench, {"lines": source})
    assert [bool(exercise.notes) for exercise in outcome.exercises] == [False, False, False, True, False, False]
    assert "printed: here" in outcome.exercises[3].notes
    assert re.match(r"numpy warned: lines.py:\d+: divide by zero", outcome.exercises[3].notes[0])


CRASHES = {
    "crashes": "{}['nothing']",
    "asks the reference wrongly": "reference.fit(1)",
    "wrong reference": "assert_gradients_agree(np.ones(2), np.ones(2), loss=lambda at: float(at @ at), at=np.ones(2))",
    "property of an array": "assert_that(np.ones(2) > 0, 'holds')",
    "nan expected": "assert_close(1.0, float('nan'))",
    "imports": "import nothing_of_the_kind",
}


@pytest.mark.parametrize("line", CRASHES.values(), ids=CRASHES)
@pytest.mark.parametrize("who", ["solution", "zeros"])
def test_a_crashing_grader_is_a_fault_that_counts_neither_way(tiny_copy, line, who):
    """Neither for nor against: the check's points are out of the reckoning, and the message says whose fault it is."""
    path = tiny_copy / "graders" / "lesson01_lines" / "test_lines.py"
    text = path.read_text()
    start = '        """agrees with the reference on a cloud of points"""\n'
    assert start in text
    path.write_text(text.replace(start, f"{start}        {line}\n"))
    bench = bench_of(load_course(tiny_copy))
    outcome = examined(bench, bench.evidence.sources if who == "solution" else {"lines": ZEROS}, diagnose=False)
    fit = outcome.exercises[1]
    assert fit.checks[0].state is State.FAULT
    assert (fit.checks[0].points, fit.checks[0].max_points) == (0, 0)
    assert re.match(r"fit/cloud \(test_lines\.py:\d+\): \S", fit.checks[0].message)
    assert fit.checks[0].summary == "a mistake in the course, not in your code"
    assert outcome.max_points == 16
    if who == "solution":
        assert outcome.points == 16
        assert fit.state is State.FAULT
        assert not outcome.complete
    else:
        assert fit.state is State.WAITING


def test_json_is_the_public_form(bench, solution):
    """As `nnedu check --json` prints it."""
    found = lesson_json(examined(bench, {"lines": solution}))
    assert list(found) == ["lesson", "points", "max_points", "exercises"]
    assert found["exercises"][0]["checks"][0] == {
        "id": "values",
        "sentence": "agrees with the reference",
        "state": "passed",
        "points": 2,
        "max_points": 2,
        "message": "",
    }


def check(state, summary=""):
    return CheckOutcome("c", "is right", state, 0, 1, summary=summary)


@pytest.mark.parametrize(
    ("checks", "waits", "expected"),
    [
        ([State.PASSED, State.PASSED], (), (State.PASSED, "2 checks")),
        ([State.PASSED], ("a",), (State.PASSED, "1 check")),
        ([State.NOT_STARTED, State.NOT_STARTED], ("a",), (State.NOT_STARTED, "not started")),
        ([State.PASSED, State.FAULT], (), (State.FAULT, "a mistake in the course, not in your code")),
        ([State.FAULT, State.RAISED], (), (State.RAISED, "not yet: is right")),
        ([State.FAULT, State.RAISED], ("a", "b"), (State.WAITING, "waits for a, b")),
        ([State.STOPPED, State.FAILED], (), (State.STOPPED, "not yet: is right")),
        ([State.NOT_STARTED, State.FAILED], (), (State.NOT_STARTED, "not yet: is right")),
    ],
)
def test_an_exercise_is_what_its_checks_are(checks, waits, expected):
    """The first that does not pass decides, and a fault decides last."""
    assert settle([check(state) for state in checks], waits_for=waits) == expected


def test_the_first_cause_is_wrong_rather_than_untouched():
    """And never one that waits."""

    def exercise(name, state):
        return ExerciseOutcome(name, "m", "t", state, 0, 1, "")

    made = [exercise("a", State.NOT_STARTED), exercise("b", State.WAITING), exercise("c", State.RAISED)]
    assert LessonOutcome("l", tuple(made)).first_cause.id == "c"
    assert LessonOutcome("l", tuple(made[:2])).first_cause.id == "a"
    assert LessonOutcome("l", tuple(made[1:2])).first_cause is None


def test_a_definition_is_found_by_its_line():
    """A function or a class at the top of a module."""
    source = "import a\n\n\ndef fit_all():\n    def fit():\n        pass\n\n\nclass  fit(object):\n    pass\n"
    assert (line_of(source, "fit"), line_of(source, "fit_all"), line_of(source, "none")) == (9, 4, 0)


def step_with(solution, body):
    return solution.replace("    velocity = FRICTION * velocity + gradient\n", body)


def test_of_two_slips_the_one_that_the_first_check_shows_is_named(bench, solution):
    """No mistake answers as the student does everywhere; in the first failed check just one does."""
    both = "return np.clip(slope * np.asarray(x, dtype=float), -50, 50)"
    source = solution.replace("return slope * np.asarray(x, dtype=float) + intercept", both)
    line = examined(bench, {"lines": source}, only="line").exercises[0]
    assert [check.id for check in line.checks if check.state is State.FAILED] == [
        "values",
        "slope[3.0]",
        "slope[-0.5]",
        "far_away",
    ]
    assert line.diagnosis.mistake == "no_intercept"
    assert line.summary == "the intercept is left out"


def test_what_no_mistake_or_more_than_one_does_has_no_name(tiny_copy):
    """Nothing is guessed: a slip of one's own has no name, nor one that two mistakes make in that check."""
    path = tiny_copy / "graders" / "lesson01_lines" / "mistakes_lines.py"
    twin = """

@mistake("line", "the intercept is left out too, and far away it goes flat", hints=HINTS)
def flat(x, slope, intercept):
    return np.clip(slope * np.asarray(x, dtype=float), -60, 60)
"""
    path.write_text(path.read_text() + twin)
    bench = bench_of(load_course(tiny_copy))
    for value in ("np.clip(slope * np.asarray(x, dtype=float), -50, 50)", "slope * np.asarray(x, dtype=float) - 7"):
        source = bench.evidence.sources["lines"].replace("slope * np.asarray(x, dtype=float) + intercept", value)
        line = examined(bench, {"lines": source}, only="line").exercises[0]
        assert line.state is State.FAILED
        assert line.diagnosis is None


def test_a_mistake_that_raises_is_named_in_its_own_words(tiny_copy):
    """The sentence of the mistake takes the place of `raised ValueError`."""
    path = tiny_copy / "graders" / "lesson01_lines" / "mistakes_lines.py"
    raises = """

@mistake("step", "the velocity is multiplied as a matrix", hints=HINTS)
def multiplies(value, velocity, gradient):
    raise ValueError
"""
    path.write_text(path.read_text() + raises)
    bench = bench_of(load_course(tiny_copy))
    source = step_with(bench.evidence.sources["lines"], "    raise ValueError('of their own')\n")
    step = examined(bench, {"lines": source}, only="step").exercises[0]
    assert (step.state, step.diagnosis.mistake) == (State.RAISED, "multiplies")
    assert step.summary == "the velocity is multiplied as a matrix"


def test_a_function_whose_helper_is_a_stub_is_not_untouched(bench, solution):
    """It is said which function is not written yet, and where; the stub itself is only not started."""
    source = solution.replace("    return x - np.mean(x)\n", "    raise NotImplementedError\n")
    fit = in_process(bench, Work({"lines": source})).exercises[1]
    assert (fit.state, fit.summary) == (State.RAISED, "calls _centred, which is not written yet")
    assert "fit calls _centred, which is not written yet.\n    lines.py:" in fit.checks[0].message
    assert "raise NotImplementedError" in fit.checks[0].message
    source = step_with(solution, "    raise NotImplementedError\n")
    assert states(in_process(bench, Work({"lines": source})))["step"] is State.NOT_STARTED


def test_a_file_that_calls_its_stub_when_it_is_loaded_cannot_be_loaded(bench):
    """A body that lost its indentation is no stub either."""
    for source in (
        "def line(x, slope, intercept):\n    raise NotImplementedError\n\n\nline(1, 2, 3)\n",
        "raise NotImplementedError\n",
    ):
        line = in_process(bench, Work({"lines": source})).exercises[0]
        assert line.state is State.RAISED
        assert line.broken_at.startswith("lines.py:")


BROKEN = {
    "syntax": ("def broken(:\n", "lines.py:1"),
    "raises": ("import numpy as np\n1 / 0\n", "lines.py:2"),
    "import": ("import socket\n", "lines.py:1"),
    "no such module": ("import math\nimport helpers\n", "lines.py:2"),
}


@pytest.mark.parametrize(("text", "place"), BROKEN.values(), ids=BROKEN)
def test_a_file_that_cannot_be_loaded_is_said_to_be_broken_at_a_line(bench, text, place):
    """Every exercise in it knows where, and none is given a name."""
    outcome = in_process(bench, Work({"lines": text}))
    assert {exercise.broken_at for exercise in outcome.exercises} == {place}
    assert not [exercise for exercise in outcome.exercises if exercise.diagnosis]
    assert outcome.points == 0


def test_a_file_that_cannot_be_loaded_has_no_known_mistake(tiny_copy):
    """Even where one raises the same error."""
    path = tiny_copy / "graders" / "lesson01_lines" / "mistakes_lines.py"
    divides = """

@mistake("step", "there is a division by zero", hints=HINTS)
def divides(value, velocity, gradient):
    raise ZeroDivisionError
"""
    path.write_text(path.read_text() + divides)
    outcome = examined(bench_of(load_course(tiny_copy)), {"lines": "1 / 0\n"})
    assert [exercise.diagnosis for exercise in outcome.exercises] == [None] * 6


def test_a_file_that_is_not_there_is_broken_and_a_right_one_is_not(bench, solution, tmp_path):
    """Without a line where there is none."""
    outcome = in_process(bench, read_folder(tmp_path, ["lines"]))
    assert {exercise.broken_at for exercise in outcome.exercises} == {"lines.py"}
    assert {one.broken_at for one in examined(bench, {"lines": solution}).exercises} == {""}


def test_after_a_stop_the_other_checks_of_an_exercise_are_not_run(tiny, solution, opened):
    """They are said to be not run; what passed before the stop keeps its points, and other exercises go on."""
    bench = bench_of(tiny)
    right = "return slope * np.asarray(x, dtype=float) + intercept"
    source = solution.replace(right, f"if slope == 3.0:\n        while True:\n            pass\n    {right}")
    started = []
    outcome = bench.examine(opened("", lines=source, call=0.5), on_start=started.append)
    line = outcome.exercises[0]
    assert [check.state for check in line.checks] == [State.PASSED, *[State.STOPPED] * 3]
    assert [check.message for check in line.checks[2:]] == ["not run: the exercise was stopped"] * 2
    assert (line.points, line.max_points, line.diagnosis) == (2, 7, None)
    assert started == [exercise.id for exercise in outcome.exercises]
    assert states(outcome)["step"] is State.PASSED


def test_prerequisites_are_all_that_an_exercise_comes_after(bench):
    """Through any number of steps."""
    assert with_prerequisites(bench.exercises, {"fit"}) == {"fit", "line"}
    assert with_prerequisites(bench.exercises, {"step"}) == {"step"}
