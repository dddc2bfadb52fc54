"""The talks that checks have had with submissions that passed, kept by a grader process, so that few need to run again.

A class answers a check in a few ways, to the last bit. Who answers as somebody before who passed has passed as well
(`nnedu.sandbox.talk`); everybody else is judged by the check itself, and then adds a way.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from nnedu.sandbox.client import Reply
from nnedu.sandbox.failure import StudentFailure
from nnedu.sandbox.talk import Talk, Turn

if TYPE_CHECKING:
    from collections.abc import Callable

    from nnedu.sandbox.client import Call, Player
    from nnedu.sandbox.submission import Submission
    from nnedu.sandbox.talk import Step

MOST = 16 << 20  # bytes of all talks
MOST_OF_ONE = 1 << 20
EACH = 500  # bytes of a turn beside what is said


class Talks:
    """The talks of the checks of a lesson."""

    def __init__(self) -> None:
        self._turns: dict[str, Turn] = {}
        self._size = 0

    def judge(self, check: str, submission: Submission, run: Callable[[Player], None]) -> None:
        """Judge a submission by a check, which `run` runs with whoever plays the student, if it has to."""
        talk = Talk()
        begin = self._turns.get(check)
        if begin is not None and submission.follow(begin, talk):
            return
        with submission.talking(talk):
            run(_Attended(submission, talk))
        if talk.steps:  # who was asked nothing has shown nothing
            self._keep(check, talk.steps)

    def _keep(self, check: str, steps: list[Step]) -> None:
        size = sum(len(step.line.frame) + sum(map(len, step.heard)) + EACH for step in steps)
        if size > MOST_OF_ONE:
            return
        if self._size + size > MOST:  # somebody answers otherwise each time; who comes next should be remembered too
            self._turns.clear()
            self._size = 0
        self._size += size
        turn = self._turns.setdefault(check, Turn())
        for step in steps:
            turn.line = step.line
            turn = turn.then.setdefault(step.heard, Turn(noted=step.noted))


class _Attended:
    """A player that notes what a check learns of it otherwise than by what was heard: then nothing is known of others.

    That is how long a call took, and failures without an answer (a module that cannot be loaded, no time left).
    """

    def __init__(self, player: Player, talk: Talk) -> None:
        self._player = player
        self._talk = talk

    def play(self, call: Call) -> Reply:
        """Carry out a call."""
        before = len(self._talk.steps or ())
        try:
            reply = self._player.play(call)
        except StudentFailure:
            if len(self._talk.steps or ()) == before:
                self._talk.steps = None
            raise
        return _Reply(self._talk, reply)


class _Reply(Reply):
    """A reply that knows when somebody looks at its seconds."""

    __slots__ = ("_talk",)

    def __init__(self, talk: Talk, reply: Reply) -> None:
        super().__init__(reply.value, reply.changed, reply.aliased, reply.printed, reply.warnings, reply.seconds)
        object.__setattr__(self, "_talk", talk)

    def __getattribute__(self, name: str) -> Any:
        if name == "seconds":
            self._talk.steps = None
        return super().__getattribute__(name)
