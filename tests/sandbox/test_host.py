"""The host, asked directly: what a call leaves behind, and where things stand in its reply."""

import inspect
import re
import struct
import sys
import time
import warnings

import numpy as np
import pytest

from nnedu.sandbox.host import Host
from nnedu.sandbox.message import PREFIX, Message
from nnedu.sandbox.wire import frame_sizes, pack, unpack
from nnedu.sandbox.worker import reply_frame

SOURCE = """
import sys
import time
import warnings

import numpy as np

time.perf_counter = lambda: "no time"


def plain(x):
    return x + 1


def loud(x):
    print("a" * 100)
    print("b", file=sys.stderr)
    warnings.warn("odd")
    x += 1
    return {"x": x}


def fails(x):
    print("a")
    warnings.warn("odd")
    raise ValueError("no")


def unsendable(x):
    print("a")
    return "x" * (2 << 20)


def ignores(x):
    warnings.simplefilter("ignore")


def ignores_all(x):
    warnings.filters[:] = []


def counts_once(x):
    warnings.simplefilter("once")
    warnings.warn("odd")
    loud(x)


def replaces(x):
    warnings.showwarning = warnings._showwarnmsg_impl = lambda *_, **__: None
    warnings.simplefilter = warnings.catch_warnings = lambda *_, **__: None


def enters(x):
    warnings.catch_warnings().__enter__()
    warnings.simplefilter("ignore")


def raises(x):
    warnings.simplefilter("error")
    warnings.warn("odd")


def turns_away(x):
    sys.stdout, sys.stderr = None, None


def deletes(x):
    del sys.stdout, sys.stderr


def closes(x):
    sys.stdout.close()
"""


def call(name, *args):
    return Message("call", ["m", name, [list(args), {}], False])


@pytest.fixture
def host(monkeypatch):
    # The student puts others there, in the process of the test.
    monkeypatch.setattr(time, "perf_counter", time.perf_counter)
    monkeypatch.setattr(warnings, "simplefilter", warnings.simplefilter)
    monkeypatch.setattr(warnings, "catch_warnings", warnings.catch_warnings)
    host = Host({"m": SOURCE}, frozenset({"numpy", "sys", "time", "warnings"}), lambda message: message)
    yield host
    host.modules.close()


@pytest.mark.parametrize(
    "message",
    [
        Message("load", "m"),
        call("plain", np.ones(2)),
        call("loud", np.ones(2)),
        call("fails", np.ones(2)),
        call("unsendable", 1.0),
        call("missing"),
        call("plain"),
        Message("load", "no such module"),
    ],
    ids=lambda message: str(message)[:60],
)
def test_the_last_8_bytes_of_a_header_are_the_seconds(host, message):
    """Whatever else there is to say: the grader reads them without the rest."""
    reply = host.serve(unpack(pack(message), host.resolve))
    frame = reply_frame(reply, host.keep)
    header_size, _ = frame_sizes(frame[: PREFIX.size])
    (seconds,) = struct.unpack(">d", frame[: PREFIX.size + header_size][-8:])
    assert 0 < seconds < 10
    assert seconds == reply.body["seconds"] == unpack(frame).body["seconds"]
    assert [*unpack(frame).body][-1] == "seconds"


@pytest.mark.parametrize(
    "name",
    [
        "ignores", "ignores_all", "counts_once", "replaces", "enters", "raises", "turns_away", "deletes", "closes",
        "loud",
    ],
)  # fmt: skip
def test_what_a_call_turns_off_is_on_again_in_the_next(host, name):
    """Warnings are seen in every call, prints are, and nothing stays behind in the process."""
    before = sys.stdout, sys.stderr, warnings.showwarning, warnings._showwarnmsg_impl, warnings.filters
    filters = list(warnings.filters)
    host.serve(call(name, np.ones(2)))
    for _ in range(2):
        body = host.serve(call("loud", np.ones(2))).body
        assert body["printed"] == "a" * 100 + "\nb\n"
        assert [warning.endswith("odd") for warning in body["warnings"]] == [True]
        assert body["changed"] == ["x"]
    assert before == (sys.stdout, sys.stderr, warnings.showwarning, warnings._showwarnmsg_impl, warnings.filters)
    assert filters == warnings.filters


KINDS = """
import functools


def plain(a, b, c=3.0): return 1.0
def none(): return 1.0
def posonly(a, b, /, c=3.0): return 1.0
def star(a, *rest): return 1.0
def named(a, *, b=2.0): return 1.0
def must(a, *, b): return 1.0
def open_(a, **more): return 1.0
lambda_ = lambda a, b=1: 1.0
wrapped = functools.wraps(plain)(lambda *args: 1.0)
wider = functools.wraps(plain)(lambda a: 1.0)
said = lambda a: 1.0
said.__signature__ = "none"
counted = lambda a, b: 1.0
counted.calls = 0
partial = functools.partial(plain, 1.0)


class Callable:
    def __call__(self, a, b): return 1.0


callable_ = Callable()
nothing = 3.0
"""


def call_by_signature(function, args):
    """How it is told in words whether a function can be called: by its signature alone."""
    try:
        signature = inspect.signature(function)
    except (TypeError, ValueError):
        return None
    try:
        signature.bind(*args)
    except TypeError as error:
        return f"takes {signature}, which does not fit: {error}"
    return ""


@pytest.mark.parametrize("count", range(5))
@pytest.mark.parametrize("name", re.findall(r"^(?:def )?(\w+)(?: =|\()", KINDS, re.MULTILINE))
def test_whether_a_function_can_be_called_is_said_as_its_signature_says_it(name, count):
    """Whatever its parameters are, and whatever is wrapped around it."""
    host = Host({"m": KINDS}, frozenset({"functools"}), lambda message: message)
    args = [1.0] * count
    said = host.serve(Message("call", ["m", name, [args, {}], False]))
    expected = call_by_signature(vars(host.modules.load("m"))[name], args)
    if expected:
        assert (said.kind, said.body["kind"], said.body["text"]) == ("error", "signature", expected)
    elif expected == "":
        assert said.body.get("kind") != "signature"
    many = host.serve(Message("many", ["m", name, [args], False]))
    assert (many.kind, many.body.get("kind"), many.body.get("text")) == (
        said.kind, said.body.get("kind"), said.body.get("text"),
    )  # fmt: skip
    host.modules.close()


@pytest.mark.parametrize(
    ("name", "args", "kwargs", "changed"),
    [
        ("both", 2, {}, ["a", "b['W']"]),
        ("both", 1, {"b": None}, ["a", "b['W']"]),
        ("both", 0, {"b": None, "a": None}, ["a", "b['W']"]),
        ("starred", 2, {}, ["argument 2['W']", "rest"]),
    ],
)
def test_what_is_changed_is_named_by_its_parameter(name, args, kwargs, changed):
    source = """
def both(a, b, c=None):
    a += 1
    b["W"] += 1


def starred(*rest):
    both(*rest)
"""
    host = Host({"m": source}, frozenset(), lambda message: message)
    values = {"a": np.ones(2), "b": {"W": np.ones(2)}}
    given = [[*values.values()][:args], {key: values[key] for key in kwargs}]
    body = host.serve(Message("call", ["m", name, given, False])).body
    assert sorted(body["changed"]) == changed
    host.modules.close()
