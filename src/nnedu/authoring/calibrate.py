"""Calibration: the solution passes every check on many seeds, and what its training reaches is evidence for the bands.

The numbers of a check follow from the course's key, which an instructor may change: a check that is right for one
key has to be right for all.
"""

from __future__ import annotations

import math
import statistics
import time
import tomllib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import msgspec

from nnedu.checking.training import measuring
from nnedu.errors import CourseFault
from nnedu.outcome import State
from nnedu.running.bench import Bench
from nnedu.running.collect import collect
from nnedu.running.evidence import Live, local_submission

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    import numpy as np

    from nnedu.checking.training import Measure
    from nnedu.course import Course, Lesson
    from nnedu.running.collect import Check, Exercise

FILE = "calibration.toml"
SEEDS = 30
DIGITS = 6
HEAD = """\
# What the solution reaches in training, on many seeds.
# Written by nnedu course calibrate --write, read by nnedu course verify.
"""


class Reached(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What training reached in one check over many seeds, beside the band that the check asks for."""

    check: str
    name: str
    band: tuple[float, float]
    seeds: int
    smallest: float
    median: float
    largest: float
    sd: float

    @property
    def margins(self) -> tuple[float, float]:
        """How far the worst seeds are from either end of the band, in standard deviations."""
        spread = self.sd or math.nan
        return (self.smallest - self.band[0]) / spread, (self.band[1] - self.largest) / spread


class _Stored(msgspec.Struct, forbid_unknown_fields=True):
    reached: list[Reached]


@dataclass(slots=True)
class Calibration:
    """What came of the checks of a lesson on many seeds."""

    lesson: str
    checks: int
    seeds: int
    reached: list[Reached] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    seconds: float = 0.0


class _Seeded(Live):
    """Evidence whose draws are those of another key."""

    seed = 0

    def rng(self, check: Check) -> np.random.Generator:
        return self.seeded(f"{check.id}#{self.seed}")


def calibrate(
    course: Course,
    lesson: Lesson,
    seeds: int = SEEDS,
    on_check: Callable[[str], None] = lambda _: None,
    *,
    quick: bool = False,
) -> Calibration:
    """Run every check of a lesson with the solution, on so many seeds; `quick` leaves out exercises that train."""
    started = time.perf_counter()
    exercises = collect(lesson.graders_folder, lesson.modules)
    checks = [check for one in exercises if not (quick and one.trains) for check in one.checks]
    found = Calibration(lesson.id, len(checks), seeds)
    evidence = _Seeded(course, lesson)
    bench = Bench(lesson.id, (), evidence)
    solution = local_submission(evidence.sources, evidence.allowed)
    for check in checks:
        on_check(check.id)
        measures: list[Measure] = []
        for seed in range(seeds):
            evidence.seed = seed
            with measuring() as measured:
                outcome = bench.judge(check, solution)
            measures += measured
            if outcome.state is not State.PASSED:
                found.problems.append(f"the solution does not pass {check.id} with seed {seed}: {outcome.message}")
        found.reached += _reached(check, measures, seeds)
    found.seconds = time.perf_counter() - started
    return found


def _reached(check: Check, measures: Sequence[Measure], seeds: int) -> Iterator[Reached]:
    for name, band in dict.fromkeys((one.name, one.band) for one in measures):
        values = [one.value for one in measures if (one.name, one.band) == (name, band)]
        quantiles = min(values), statistics.median(values), max(values), statistics.pstdev(values)
        yield Reached(check.id, name, band, seeds, *(round(value, DIGITS) for value in quantiles))


def write(lesson: Lesson, reached: Sequence[Reached]) -> None:
    """Store what was reached beside the graders; without any, there is no file."""
    path = lesson.graders_folder / FILE
    if not reached:
        path.unlink(missing_ok=True)
        return
    entries = []
    for one in reached:
        low, high = one.band
        lines = ["[[reached]]", f'check = "{one.check}"', f'name = "{one.name}"', f"band = [{low!r}, {high!r}]"]
        lines += [f"{key} = {getattr(one, key)!r}" for key in ("seeds", "smallest", "median", "largest", "sd")]
        entries.append("\n".join(lines) + "\n")
    path.write_text("\n".join([HEAD, *entries]), "utf-8")


def load_calibration(lesson: Lesson) -> list[Reached]:
    """Return what was stored."""
    path = lesson.graders_folder / FILE
    try:
        return msgspec.convert(tomllib.loads(path.read_text("utf-8")), _Stored).reached
    except FileNotFoundError:
        return []
    except (tomllib.TOMLDecodeError, msgspec.ValidationError, UnicodeDecodeError) as error:
        text = f"{path} cannot be read: {error}."
        raise CourseFault(text, f"Write it anew: nnedu course calibrate {lesson.id} --write") from error


def calibration_problems(lesson: Lesson, exercises: Sequence[Exercise], live: Live) -> Iterator[str]:
    """Yield the bands of training exercises that no evidence stands behind, and evidence that belongs to no band."""
    bench = Bench(lesson.id, exercises, live)
    solution = local_submission(live.sources, live.allowed)
    stored = {(one.check, one.name, one.band): one for one in load_calibration(lesson)}
    again = f"run nnedu course calibrate {lesson.id} --write"
    for check in [check for one in exercises if one.trains for check in one.checks]:
        with measuring() as measured:
            bench.judge(check, solution)
        for name, band in dict.fromkeys((one.name, one.band) for one in measured):
            what = f"the {name} in {check.id}"
            one = stored.pop((check.id, name, band), None)
            if one is None:
                yield f"{what} was not calibrated for the band from {band[0]:g} to {band[1]:g}: {again}"
            elif one.seeds < SEEDS:
                yield f"{what} was calibrated on {one.seeds} seeds; {SEEDS} are asked for: {again}"
            elif one.smallest < band[0] or one.largest > band[1]:
                reaches = f"the solution reaches {one.smallest:g} to {one.largest:g} on {one.seeds} seeds"
                yield f"{what} should lie between {band[0]:g} and {band[1]:g}, but {reaches}: choose a wider band"
    for check_id, name, _ in stored:
        yield f"{FILE} tells of the {name} in {check_id}, which no training check measures so: {again}"
