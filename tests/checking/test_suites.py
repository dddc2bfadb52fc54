"""Tests that a student writes: which of them earn, what is said of the others, and what they cannot do."""

import numpy as np
import pytest

from nnedu.checking import assert_tells_apart
from nnedu.checking.suites import MOST_NUMBERS
from nnedu.checking.values import CheckFailed
from nnedu.errors import CourseFault
from nnedu.outcome import State
from nnedu.running.bench import Bench
from nnedu.running.collect import collect
from nnedu.running.evidence import Live, local_submission
from nnedu.sandbox.failure import StudentFailure

SUITES = """
import numpy as np

CALLS = [0]


def good(double):
    x = np.array([1.0, -3.0])
    complaints = [] if np.array_equal(double(x), [2.0, -6.0]) else ["wrong value"]
    return complaints + ["edits x"] * bool(x[0] != 1.0)


def accepts(double):
    return []


def rejects(double):
    return ["this is \\x1b[31mwrong\\nindeed", "and more"]


def raises(double):
    x = np.array([1.0, -3.0])
    assert np.array_equal(double(x), [2.0, -6.0]), "wrong value"
    assert x[0] == 1.0
    return []


def broken(double):
    return undefined


def stub(double):
    raise NotImplementedError


def text(double):
    return "wrong"


def numbers(double):
    return [0.5]


def prints(double):
    print("looking at it")
    return good(double)


def forever(double):
    while True:
        double(np.ones(1))


def counts(double):
    CALLS[0] += 1
    return ["wrong"] * (CALLS[0] % 3 == 0)


def digs(double):
    return [str(sorted(vars(double))), double.__name__, str(double.__closure__)]


def asks(double, what):
    try:
        double(what)
    except ValueError as error:
        return [str(error)]
    return []


def large(double):
    return asks(double, np.zeros(5001))


def hollow(double):
    return asks(double, np.zeros((0, 10**6)))


def nested(double):
    return asks(double, {"a": [np.zeros(3000), (np.zeros(3000),)]})


def digits(double):
    return asks(double, 10**9)


def objects(double):
    return asks(double, {1, 2})


def deep(double):
    return asks(double, [[[[[1.0]]]]])


def fits(double):
    return asks(double, np.zeros(5000))
"""
RIGHT = {"multiplies": (lambda x: 2.0 * x,), "adds": (lambda x: x + x,)}


def in_place(x):
    x *= 2.0
    return x


WRONG = {"value": (lambda x: 3.0 * x,), "aliasing": (in_place,)}


class Order:
    """An rng that leaves everything where it is."""

    def permutation(self, count):
        return np.arange(count)


@pytest.fixture(params=["local", "process"])
def student(proxied, request):
    return proxied(SUITES, kind=request.param)


@pytest.fixture
def here(proxied):
    return proxied(SUITES, kind="local")


def judge(suite, right=RIGHT, wrong=WRONG, rng=None):
    assert_tells_apart(suite, right=right, wrong=wrong, rng=rng or np.random.default_rng(0))


def failed(suite, **how):
    with pytest.raises(CheckFailed) as failure:
        judge(suite, **how)
    return failure.value


@pytest.mark.parametrize("name", ["good", "raises", "prints"])
def test_who_tells_right_from_wrong_passes(student, name):
    """By a list or by an exception; printing is nobody's business. An edit in place crosses the wire."""
    judge(getattr(student, name))


def test_who_accepts_everything_earns_nothing(student):
    failure = failed(student.accepts)
    assert failure.summary == "accepts a wrong implementation (value)"
    assert failure.message == "accepts accepts a wrong implementation. The family of its fault: value."


def test_who_rejects_everything_earns_nothing(student):
    """And reads its own words, of which a terminal obeys none."""
    failure = failed(student.rejects)
    assert failure.summary == "rejects a right implementation"
    assert "one that multiplies. It says:\n    this is ?[31mwrong indeed\n" in failure.message


def test_a_right_one_that_is_rejected_comes_before_a_wrong_one_that_is_accepted(here):
    """The rule of the exercise: first accept what is right."""
    swapped = {"multiplies": WRONG["value"]}
    assert failed(here.good, right=swapped, wrong={"value": RIGHT["adds"]}).summary == "rejects a right implementation"


def test_of_many_wrong_ones_the_first_that_is_accepted_is_named(here):
    wrong = {"value": WRONG["value"], "none at all": RIGHT["adds"]}
    assert failed(here.good, wrong=wrong).summary == "accepts a wrong implementation (none at all)"


@pytest.mark.parametrize(
    ("name", "found"), [("text", "'wrong'"), ("numbers", "with something in it that is no string")]
)
def test_a_verdict_is_a_list_of_strings(student, name, found):
    failure = failed(getattr(student, name))
    assert failure.summary == "does not return a list of strings"
    assert found in failure.message


@pytest.mark.parametrize(("name", "state"), [("broken", State.RAISED), ("stub", State.NOT_STARTED)])
def test_a_test_that_never_comes_to_a_verdict_has_failed_itself(student, name, state):
    """It is shown where it raises, and a stub is a stub."""
    with pytest.raises(StudentFailure) as failure:
        judge(getattr(student, name))
    assert failure.value.state is state


def test_a_test_without_end_is_stopped(proxied):
    with pytest.raises(StudentFailure) as failure:
        judge(proxied(SUITES, call=0.5).forever)
    assert failure.value.state is State.STOPPED


def test_who_counts_the_calls_is_found_out(here):
    """Every third is rejected, and at first the third is the wrong one; it comes at another place, too."""

    class Turning(Order):
        turn = 0

        def permutation(self, count):
            self.turn += 1
            return np.roll(np.arange(count), self.turn - 1)

    wrong = {"value": WRONG["value"]}
    assert failed(here.counts, wrong=wrong, rng=Turning()).summary == "rejects a right implementation"
    judge(here.counts, wrong=wrong, rng=Order())


def test_an_implementation_shows_nothing_of_itself(student):
    """Its name and its closure are those of a stand-in."""
    message = failed(student.digs).message
    assert "multiplies. It says:\n    []\n" in message


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("large", f"ValueError: at most {MOST_NUMBERS} numbers in one call"),
        ("hollow", f"ValueError: at most {MOST_NUMBERS} numbers in one call"),
        ("nested", f"ValueError: at most {MOST_NUMBERS} numbers in one call"),
        ("digits", "ValueError: an integer larger than 1000000"),
        ("objects", "TypeError: an argument that is an object, too long, or too deep"),
        ("deep", "TypeError: an argument that is an object, too long, or too deep"),
    ],
)
def test_what_would_take_memory_or_time_is_refused(here, name, said):
    """A student chooses what the grader's functions are given."""
    assert f"the grader's function: {said}" in failed(getattr(here, name)).message


def test_what_is_just_small_enough_is_computed(here):
    """And so this test, which looks at nothing, accepts all."""
    assert failed(here.fits).summary == "accepts a wrong implementation (value)"


def test_a_fault_in_an_implementation_is_one_of_the_course(here):
    def faulty(_):
        raise CourseFault("The course is wrong.")

    with pytest.raises(CourseFault):
        judge(here.good, right={"is faulty": (faulty,)})


GRADER = '''
import numpy as np
from nnedu.checking import assert_tells_apart, exercise, hidden, points

RIGHT = {"multiplies": (lambda x: 2.0 * x,), "adds": (lambda x: x + x,)}


def thrice(x):
    return 3.0 * x


@exercise("slope")
class TestSlope:
    """tests"""

    @points(1)
    def test_value(self, student, rng):
        """rejects a wrong value"""
        assert_tells_apart(student.slope, right=RIGHT, wrong={"value": (thrice,)}, rng=rng)
'''
SOLUTION = '''
def slope(double):
    """Test it."""
    return [] if double(3.0) == 6.0 else ["wrong"]
'''
MISTAKES = """
from nnedu.checking import mistake


@mistake("slope", "every one is rejected", hints=("a", "b", "c"))
def always(double):
    return ["my own words"]


@mistake("slope", "every one is accepted", hints=("a", "b", "c"))
def never(double):
    return []
"""


@pytest.mark.parametrize(
    ("body", "named"), [('return ["other words", "and more"]', "always"), ("return []", "never"), ("return 3", None)]
)
def test_a_mistake_is_named_by_what_a_test_decides_not_by_its_words(tmp_path, tiny, body, named):
    """Two students who reject the same use other words."""
    (tmp_path / "graders").mkdir()
    (tmp_path / "graders" / "test_m.py").write_text(GRADER, "utf-8")
    (tmp_path / "graders" / "mistakes_m.py").write_text(MISTAKES, "utf-8")

    class Lesson:
        id, modules, graders_folder = "lesson1", ("m",), tmp_path / "graders"

        @staticmethod
        def solution_sources():
            return {"m": SOLUTION}

    bench = Bench("lesson1", collect(Lesson.graders_folder, ["m"]), Live(tiny, Lesson()))
    submission = local_submission({"m": f"def slope(double):\n    {body}\n"}, frozenset())
    outcome = bench.examine(submission).exercises[0]
    assert (outcome.diagnosis and outcome.diagnosis.mistake) == named, outcome
