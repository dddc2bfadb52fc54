"""The talks that checks have had with submissions that passed, kept by a grader process, so that few need to run again.

A class answers a check in a few ways, to the last bit. Who answers as somebody before who passed has passed as well
(`nnedu.sandbox.talk`); everybody else is judged by the check itself, and then adds a way.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from nnedu.errors import CourseFault
from nnedu.sandbox.talk import Talk, Turn

if TYPE_CHECKING:
    from collections.abc import Callable

    from nnedu.sandbox.submission import Submission
    from nnedu.sandbox.talk import Step

MOST = 16 << 20  # bytes of all talks


class Talks:
    """The talks of the checks of a lesson."""

    def __init__(self) -> None:
        self._turns: dict[str, Turn] = {}
        self._size = 0

    def judge(self, check: str, submission: Submission, run: Callable[[Submission], None]) -> None:
        """Judge a submission by a check, which `run` runs if it has to."""
        talk = Talk()
        begin = self._turns.get(check)
        if begin is not None and submission.follow(begin, talk):
            return
        try:
            with submission.talking(talk):
                run(submission)
        except CourseFault:
            if not talk.unlike:
                raise
        if talk.unlike:
            # What somebody was answered before was no function of what they had said: a memory address, perhaps. Then
            # nothing that was said in the check's name counts, and it begins anew, in a fresh worker.
            self._turns.pop(check, None)
            run(submission)
            return
        if talk.steps:  # who was asked nothing has shown nothing
            self._keep(check, talk.steps, talk.size)

    def _keep(self, check: str, steps: list[Step], size: int) -> None:
        if self._size + size > MOST:  # somebody answers otherwise each time; who comes next should be remembered too
            self._turns.clear()
            self._size = 0
        self._size += size
        turn = self._turns.setdefault(check, Turn())
        for step in steps:
            turn.line = step.line
            turn = turn.then.setdefault(step.heard, Turn(noted=step.noted))
