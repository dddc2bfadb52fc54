"""One call, two channels: in this process and in a worker's, a reply says the same."""

import time

import numpy as np
import pytest

from nnedu.sandbox.client import Handle, Proxy
from nnedu.sandbox.failure import StudentFailure

SOURCE = """
import numpy as np

COUNT = [0]


def same(value):
    return value


def double(x):
    return 2 * x


def in_place(params, factor):
    params["W"] *= factor
    params["layers"][1]["b"][0] = 7.0
    return params["W"] + 0


def counts_up(state):
    state["t"] += 1
    return 1.0


def appends(values):
    values.append(1.0)
    values[0] = 5.0
    return 1.0


def renames(table):
    table["new"] = table.pop("old")
    return 1.0


def alias(x):
    return x[1:]


def prints(text, times):
    for _ in range(times):
        print(text)
    return times


def warns(x):
    return np.log(x)


def warns_often(times):
    x = np.zeros(1)
    for _ in range(times):
        1 / x
    return 1.0


def draws(rng):
    return rng.normal(size=3)


def gives_generator():
    return np.random.default_rng(5)


def numbers(n):
    for number in range(n):
        yield np.full(2, float(number))


class Optimizer:
    kind = "sgd"

    def __init__(self, rate):
        self.rate = rate
        self.steps = 0

    def step(self, x, gradient):
        self.steps += 1
        return x - self.rate * gradient

    def count(self):
        return self.steps


def tangles(values):
    values[0] = values
    return 1.0


def cached(x):
    return x + 1, {"x": x, "made by": Optimizer(0.5)}


def uncached(cache):
    return cache["x"], cache["made by"].rate


def keywords(a, *, b=2.0):
    return a * b


def takes(seconds):
    import time
    time.sleep(seconds)
    return 1.0
"""


@pytest.fixture(params=["local", "process"])
def submission(request, opened):
    """One submission over each of the channels."""
    return opened(SOURCE, kind=request.param)


@pytest.fixture
def student(submission):
    return Proxy(submission, "m")


@pytest.mark.parametrize(
    "value",
    [
        None,
        True,
        3,
        2.5,
        1j,
        "text",
        [1, "a"],
        (1.0, (2, [3])),
        {"W1": np.ones((2, 3)), 2: None},
        np.float32(1.5),
        np.int64(3),
    ],
    ids=repr,
)
def test_a_value_comes_back_as_it_was(student, value):
    """Types are kept: a tuple is no list, a float32 no float."""
    back = student.same(value)
    assert type(back) is type(value)
    assert repr(back) == repr(value)


def test_seconds_are_those_of_the_students_code(submission, student):
    """They are in the reply, and add up in the submission."""
    reply = student.takes.reply(0.05)
    assert 0.05 <= reply.seconds < 1
    assert submission.seconds >= reply.seconds


def test_arguments_changed_in_place_are_named(student):
    """By their path, in nested dicts and lists; the caller's own arrays stay as they were."""
    params = {"W": np.ones((2, 2)), "layers": [{"b": np.zeros(2)}, {"b": np.zeros(3)}], "same": np.ones(1)}
    reply = student.in_place.reply(params, 3.0)
    assert reply.changed == ("params['W']", "params['layers'][1]['b']")
    assert params["W"].tolist() == [[1.0, 1.0], [1.0, 1.0]]
    assert params["layers"][1]["b"].tolist() == [0.0, 0.0, 0.0]
    assert student.in_place.reply(factor=3.0, params=params).changed == reply.changed


@pytest.mark.parametrize(
    ("name", "argument", "changed"),
    [
        ("counts_up", {"t": 0, "v": np.ones(2)}, ("state['t']",)),
        ("appends", [1.0, 2.0], ("values",)),
        ("tangles", [1.0, 2.0], ("values[0]",)),
        ("renames", {"old": 1.0}, ("table['new']", "table['old']")),
        ("same", {"t": float("nan"), "other": [None, "text", 1j, True]}, ()),
    ],
)
def test_plain_numbers_changed_in_place_are_named_too(student, name, argument, changed):
    """A step counter that is counted up in the caller's dict is a change."""
    assert getattr(student, name).reply(argument).changed == changed


def test_aliasing_is_seen(student):
    """A view of an argument is; a new array is not."""
    x = np.arange(4.0)
    assert student.alias.reply(x).aliased
    assert student.same.reply({"deep": [x]}).aliased
    assert not student.double.reply(x).aliased
    assert not student.same.reply(3.0).aliased


def test_an_edit_in_place_is_located(student):
    """With arrays that cannot be written the line shows itself."""
    with pytest.raises(StudentFailure) as failure:
        student.in_place.reply_readonly({"W": np.ones(2), "layers": [{}, {"b": np.zeros(1)}]}, 2.0)
    assert "m.py:16 in in_place" in failure.value.message
    assert 'params["W"] *= factor' in failure.value.message


def test_prints_are_in_the_reply_and_in_the_notes(submission, student):
    """What a student prints is shown, once."""
    assert student.prints.reply("hello", 2).printed == "hello\nhello\n"
    student.prints("hello", 2)
    assert submission.take_notes() == ("printed: hello\nhello",)
    assert submission.take_notes() == ()


def test_printing_100_megabytes_is_quick_and_capped(submission, student):
    """The beginning is kept, the rest is counted."""
    started = time.monotonic()
    reply = student.prints.reply("x" * 100_000, 1000)
    assert time.monotonic() - started < 2
    assert len(reply.printed) == 20_000
    (note,) = submission.take_notes()
    assert note.endswith(" ... and 99999000 characters more")
    assert len(note) < 2_100


def test_numpy_warnings_say_where(submission, student):
    """File and line, and each once."""
    reply = student.warns.reply(np.array([-1.0, 0.0]))
    assert set(reply.warnings) == {
        "m.py:48: invalid value encountered in log",
        "m.py:48: divide by zero encountered in log",
    }
    assert all(note.startswith("numpy warned: m.py:48: ") for note in submission.take_notes())


def test_a_loop_of_warnings_is_one_warning(student):
    """However often it warns."""
    assert student.warns_often.reply(20_000).warnings == ("m.py:54: divide by zero encountered in divide",)


@pytest.mark.parametrize("name", ["PCG64", "MT19937", "Philox", "SFC64", "PCG64DXSM"])
def test_a_generator_is_handed_over_as_a_copy(student, name):
    """The student draws what the caller would have drawn, and the caller's has not moved."""
    rng = np.random.Generator(getattr(np.random, name)(7))
    first, second = student.draws(rng), student.draws(rng)
    assert first.tolist() == second.tolist() == rng.normal(size=3).tolist()


def test_a_generator_can_be_returned(student):
    """As its state."""
    assert student.gives_generator().random() == np.random.default_rng(5).random()


def test_objects_stay_with_the_student(student):
    """A class gives a handle; its methods are called there, and it keeps its state."""
    optimizer = student.Optimizer(rate=0.5)
    other = student.Optimizer(1.0)
    assert isinstance(optimizer, Handle)
    assert repr(optimizer).endswith(".Optimizer of the student>")
    assert optimizer.step(np.ones(2), gradient=np.ones(2)).tolist() == [0.5, 0.5]
    optimizer.step(np.ones(2), np.ones(2))
    assert (optimizer.count(), other.count()) == (2, 0)


def test_an_object_inside_a_value_can_be_passed_back(student):
    """A cache is opaque: what is in it may be anything."""
    value, cache = student.cached(np.ones(2))
    back, rate = student.uncached(cache)
    assert back.tolist() == [1.0, 1.0]
    assert rate == 0.5
    assert value.tolist() == [2.0, 2.0]


def test_an_iterator_is_a_handle_that_can_be_iterated(student):
    """Its items come at once; one without an end is a sentence."""
    assert [item.tolist() for item in student.numbers(3)] == [[0.0, 0.0], [1.0, 1.0], [2.0, 2.0]]
    with pytest.raises(StudentFailure, match="never ends"):
        list(student.numbers(10**9))


@pytest.mark.parametrize(
    ("ask", "summary"),
    [
        (lambda optimizer: optimizer.missing(1), "has no missing"),
        (lambda optimizer: optimizer.kind(), "cannot be called as the lesson calls it"),
        (lambda optimizer: optimizer.step(), "cannot be called as the lesson calls it"),
        (list, "raised TypeError at __iter__"),
    ],
)
def test_what_an_object_does_not_have_is_said(student, ask, summary):
    """In words, and without the name of a file that there is not."""
    with pytest.raises(StudentFailure) as failure:
        ask(student.Optimizer(0.1))
    assert failure.value.summary == summary


def test_many_calls_in_one_trip(student):
    """In their order, and the message of a failing one is the same as alone."""
    found = student.call_many("double", [(np.ones(2),), (3.0,)])
    assert found[0].tolist() == [2.0, 2.0]
    assert found[1] == 6.0
    with pytest.raises(StudentFailure, match="cannot be called"):
        student.call_many("double", [(1.0,), (1.0, 2.0)])


def test_keywords_reach_the_student(student):
    """By their names."""
    assert student.keywords(3.0, b=4.0) == 12.0
