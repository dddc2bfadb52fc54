"""The grader that is attacked, in a process of its own: grades what it is told to, then an honest submission.

    python attacks_grader.py '{"name": ..., "confined": ..., ...}'

It answers its first line (what confines the workers) unasked, and then a line for the id of an attack on each line.
"""

from __future__ import annotations

import os
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
from attacks_answers import ANSWERS
from attacks_cheating import CHEATING
from attacks_escape import ESCAPE
from attacks_exhaustion import EXHAUSTION
from attacks_forging import FORGING
from attacks_others import OTHERS
from attacks_patience import PATIENCE
from attacks_protocol import PROTOCOL
from attacks_surroundings import Surroundings
from attacks_table import HONEST, LETTERS
from attacks_values import VALUES

from nnedu.course import load_course
from nnedu.outcome import LessonOutcome, lesson_json
from nnedu.publishing.stubs import lesson_stubs
from nnedu.reporting.feedback import feedback_text
from nnedu.running.bench import Bench
from nnedu.running.collect import collect
from nnedu.running.evidence import Live
from nnedu.running.limits import limits_of, policy_of
from nnedu.running.talks import Talks
from nnedu.running.work import read_work
from nnedu.sandbox.channel import ProcessChannel
from nnedu.sandbox.confinement import Confinement
from nnedu.sandbox.layers import Bubblewrap, Files

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from nnedu.sandbox.channel import Channel

COURSE = Path(__file__).parents[1] / "courses" / "attacked"
_ALL = (*FORGING, *ANSWERS, *PATIENCE, *EXHAUSTION, *OTHERS, *ESCAPE, *PROTOCOL, *VALUES, *CHEATING)
ATTACKS = {attack.id: attack for attack in _ALL}
assert len(ATTACKS) == len(_ALL), "two attacks have one name"


class Configuration(msgspec.Struct, frozen=True):
    """How workers are confined, and who grades: root, or some user."""

    name: str
    confined: bool
    root: bool
    files: Files = Files.LANDLOCK
    bubblewrap: Bubblewrap = Bubblewrap.NEVER


class Result(msgspec.Struct):
    """What came of an attack, and of the honest submission after it. `traces`: what it left or did where it may not."""

    id: str
    outcome: str
    points: int
    summaries: list[str]
    texts: str
    longest: int
    feedback: str
    traces: list[str]
    honest: str


class Grader:
    """The attacked course, collected once, and a way to open workers. With talks, as a class is graded."""

    def __init__(
        self, channel: Callable[[dict[str, str], frozenset[str]], Channel], talks: Talks | None = None
    ) -> None:
        self.course = load_course(COURSE)
        (self.lesson,) = self.course.lessons
        exercises = collect(self.lesson.graders_folder, self.lesson.modules)
        evidence = Live(self.course, self.lesson)
        self._bench = Bench(self.lesson.id, exercises, evidence, lesson_stubs(self.lesson), talks)
        self._channel = channel

    def grade(self, source: str) -> LessonOutcome:
        """Grade a submission in a worker of its own."""
        work = read_work({"targets": source.encode()})
        submission = work.open(self.course.imports, limits_of(self.course), self._channel)
        try:
            return self._bench.examine(submission)
        finally:
            submission.close()


def letters(outcome: LessonOutcome) -> str:
    """Return the states of the exercises, a letter each."""
    return "".join(LETTERS[exercise.state.value] for exercise in outcome.exercises)


def longest_text(outcome: LessonOutcome) -> int:
    """Return the length of the longest text that a report could show."""
    texts = [len(text) for one in outcome.exercises for check in one.checks for text in (check.message, check.summary)]
    return max([*texts, *(sum(map(len, one.notes)) for one in outcome.exercises)])


@contextmanager
def opening(configuration: Configuration) -> Iterator[tuple[Callable[..., Channel], str]]:
    """Return what opens workers, and what confines them."""
    if not configuration.confined:
        yield ProcessChannel, "nothing"
        return
    policy = policy_of(load_course(COURSE))
    wanted = msgspec.structs.replace(policy, files=configuration.files, bubblewrap=configuration.bubblewrap)
    with Confinement(wanted) as confinement:
        yield confinement.channel, confinement.layers.sentence()


def run(grader: Grader, around: Surroundings, attack_id: str) -> Result:
    """Grade an attack, look around, and grade an honest submission."""
    attack = ATTACKS[attack_id]
    outcome = grader.grade(around.put_into(attack.source))
    traces = around.look()
    honest = letters(grader.grade(HONEST))
    return Result(
        attack_id,
        letters(outcome),
        outcome.points,
        [exercise.summary for exercise in outcome.exercises],
        msgspec.json.encode(lesson_json(outcome)).decode(),
        longest_text(outcome),
        feedback_text("mallory", "Targets", outcome),
        traces,
        honest,
    )


def main() -> None:
    """Serve until standard input ends."""
    configuration = msgspec.json.decode(sys.argv[1], type=Configuration)
    answers = os.fdopen(os.dup(1), "wb", 0)
    os.dup2(2, 1)  # whatever else prints does not garble the answers
    with opening(configuration) as (channel, layers), Surroundings(COURSE) as around:
        grader = Grader(channel, Talks() if configuration.confined else None)
        grader.grade(HONEST)
        around.remember()
        answers.write(layers.encode() + b"\n")
        for line in sys.stdin:
            answers.write(msgspec.json.encode(run(grader, around, line.strip())) + b"\n")


if __name__ == "__main__":
    main()
