"""The functions of a live notebook as a student's work: they play the student in this very process.

Nothing here confines anything: what a notebook's functions do, they could do in its cells as well. Values go through
the wire all the same, so that a check sees what it sees of a worker.
"""

from __future__ import annotations

import math
import signal
import threading
from contextlib import contextmanager
from types import ModuleType
from typing import TYPE_CHECKING, Any

from nnedu.notebook.cells import cells_of, definitions
from nnedu.outcome import State
from nnedu.sandbox.channel import ChannelLostError, LocalChannel
from nnedu.sandbox.failure import StudentFailure
from nnedu.sandbox.submission import Limits, Submission

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from nnedu.notebook.cells import Cells, NameOf
    from nnedu.sandbox.channel import Keep, Resolve
    from nnedu.sandbox.client import Call, Reply
    from nnedu.sandbox.message import Message

UNDEFINED = "not defined in this notebook"
AGAIN = 0.5  # seconds until a call that went on in spite of it is stopped once more
UNLIMITED = Limits(math.inf, math.inf, math.inf)


def submission_of(
    namespace: Mapping[str, Any],
    modules: Sequence[str],
    *,
    stubs: Mapping[str, str] | None = None,
    allowed: frozenset[str] = frozenset(),
    limits: Limits | None = None,
    name_of: NameOf | None = None,
) -> Submission:
    """Return what is defined in a notebook as the submission of a lesson with these modules.

    `namespace` is the notebook's own (`get_ipython().user_ns`, `globals()`); it is read when this is called, and not
    changed. `stubs` are the texts of the modules as they were handed out: a module of which every definition is still
    that of its stub is not started, also where the stub is a broken program. `limits`: a call that takes longer is
    stopped, where the system has timers and this is the main thread; none unless given. `name_of` names the cell that
    a file name stands for: `cell 5`, as IPython knows, unless given.
    """
    given = {name: value for name, value in namespace.items() if not isinstance(value, ModuleType)}
    cells = cells_of(namespace, name_of)
    sources = dict.fromkeys(modules, "") | {file.removesuffix(".py"): text for file, text in cells.texts.items()}
    readable = {name: cells.texts[file] for file, name in cells.names.items()}
    readable |= {module: stub for module, stub in (stubs or {}).items() if _untouched(given, cells, stub)}
    return _NotebookSubmission(
        given, readable, lambda: _NotebookChannel(sources, allowed, given, cells.names), allowed, limits or UNLIMITED
    )


def _untouched(given: Mapping[str, Any], cells: Cells, stub: str) -> bool:
    """Whether what a stub defines is defined in the notebook just so."""
    wanted = definitions(stub)
    return bool(wanted) and all(cells.definition(given.get(name)) == text for name, text in wanted.items())


class _NotebookSubmission(Submission):
    """A submission whose functions are looked up in a namespace; what is not in it is not started."""

    def __init__(
        self,
        given: Mapping[str, Any],
        sources: dict[str, str],
        open_channel: Callable[[], LocalChannel],
        allowed: frozenset[str],
        limits: Limits,
    ) -> None:
        super().__init__(sources, open_channel, allowed=allowed, limits=limits)
        self._given = given

    def play(self, call: Call) -> Reply:
        """Carry out a call, unless nobody has defined what is called."""
        if isinstance(call.target, str) and call.name not in self._given:
            message = f"{call.name} is {UNDEFINED}. Run the cell that defines it, then check again."
            raise StudentFailure(State.NOT_STARTED, UNDEFINED, message)
        return super().play(call)


class _NotebookChannel(LocalChannel):
    """A host in this process whose functions come from cells, and are stopped when they take too long."""

    def __init__(
        self, sources: dict[str, str], allowed: frozenset[str], given: Mapping[str, Any], names: Mapping[str, str]
    ) -> None:
        super().__init__(sources, allowed, dict(given))
        self._names = names

    def request(
        self, message: Message, answer: Callable[[Message], Message], keep: Keep, resolve: Resolve, seconds: float
    ) -> Message:
        """Serve a message, and say places by cell. Who interrupts the kernel wants all of it to end."""
        try:
            with _watched(seconds) as stopped:
                reply = super().request(message, answer, keep, resolve, seconds)
        except _TimeUpError:  # it was up in the moment in which the call had ended
            raise ChannelLostError("", stopped=True) from None
        _say_cells(reply.body, self._names)
        if KeyboardInterrupt in stopped:
            raise KeyboardInterrupt
        if stopped:
            raise ChannelLostError(_dump(reply.body), stopped=True)
        return reply


class _TimeUpError(BaseException):
    """Raised inside a call whose time is up; no `except Exception` holds it."""


@contextmanager
def _watched(seconds: float) -> Iterator[list[type[BaseException]]]:
    """Stop what runs inside after some seconds, and note why it was stopped: by the clock, or by a person."""
    stopped: list[type[BaseException]] = []
    if threading.current_thread() is not threading.main_thread():  # signals come there alone
        yield stopped
        return

    def stop_with(why: type[BaseException]) -> Callable[..., None]:
        def stop(*_: object) -> None:
            stopped.append(why)
            raise why

        return stop

    interrupt = signal.signal(signal.SIGINT, stop_with(KeyboardInterrupt))
    timed = hasattr(signal, "setitimer") and math.isfinite(seconds)
    alarm = signal.signal(signal.SIGALRM, stop_with(_TimeUpError)) if timed else None
    try:
        if timed:
            signal.setitimer(signal.ITIMER_REAL, max(seconds, 0.001), AGAIN)
        yield stopped
    finally:
        if timed:
            signal.setitimer(signal.ITIMER_REAL, 0)
            signal.signal(signal.SIGALRM, alarm)
        signal.signal(signal.SIGINT, interrupt)


def _say_cells(body: Any, names: Mapping[str, str]) -> None:
    """Put the names of cells for file names, in the frames and the warnings of a reply."""
    if not isinstance(body, dict):
        return
    for frame in body.get("frames", ()):
        frame[0] = names.get(frame[0], frame[0])
    for index, warning in enumerate(body.get("warnings", ())):
        file = next((file for file in names if warning.startswith(f"{file}:")), "")
        body["warnings"][index] = names.get(file, "") + warning.removeprefix(file)


def _dump(body: Mapping[str, Any]) -> str:
    """Return the frames of a call as faulthandler writes them: the innermost first."""
    return "\n".join(
        f'File "{file}", line {line} in {name}' for file, line, name, *_ in reversed(body.get("frames", ()))
    )
