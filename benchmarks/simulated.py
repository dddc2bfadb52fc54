"""Holds reports against simulated classes of which all is known: `.venv/bin/python benchmarks/simulated.py`.

No gate: the exit code is always 0.
"""
# ruff: noqa: INP001, T201 - a script, not a package, and printing is what it is for

from __future__ import annotations

import argparse
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from table import Row, machine, progress, table

from nnedu.authoring.comparison import compare, groups
from nnedu.authoring.loop import play_class
from nnedu.authoring.material import Material
from nnedu.authoring.population import Population
from nnedu.classroom.similarity import similar
from nnedu.classroom.statistics import item_analysis
from nnedu.cli.demo import packer
from nnedu.course import load_course
from nnedu.course.quiz import load_quizzes
from nnedu.running.collect import collect
from nnedu.running.evidence import Live

if TYPE_CHECKING:
    from collections.abc import Sequence

ROOT = Path(__file__).resolve().parents[1]
LARGE, MODULES, ITEMS = 1000, 5, 60


def the_class(number: int, seed: int) -> float:
    """Play the instructor's loop on a class, and print what was known beside what the report says."""
    started = time.perf_counter()
    with tempfile.TemporaryDirectory(prefix="nnedu-simulated-") as folder:
        played = play_class(ROOT, Path(folder) / "class", number, seed, packer, lambda _: None)
    print(f"\nA class of {number} on {played.lesson}, seed {seed}:\n")
    print(f"  {'':<38} {'known':>8}   found")
    for one in compare(played.truth, played.report):
        print(f"  {one.what:<38} {one.known:>8}   {one.found:<20} {'' if one.holds else 'NOT AS PLANTED'}".rstrip())
    measured = {column.id: column.difficulty for column in played.report.columns}
    print(f"\n  {'share of the points that is lost':<38} {'truth':>8} {'report':>8}")
    for name, lost in sorted(played.truth.difficulty.items(), key=lambda pair: pair[1]):
        share = measured.get(name)
        print(f"  {name:<38} {lost:>8.3f} {'' if share is None else format(1 - share, '>8.3f')}")
    return time.perf_counter() - started


def the_copies(number: int, seeds: Sequence[int]) -> None:
    """Print precision and recall of similarity over classes that are written, and not graded."""
    course = load_course(ROOT)
    lesson = course.lesson(course.demo)
    exercises = collect(lesson.graders_folder, lesson.modules)
    material = Material(lesson, Live(course, lesson), exercises)
    right = wrong = planted = 0
    for seed in seeds:
        progress(f"copies: class {seed}")
        population = Population(number, seed, datetime(2026, 3, 1, tzinfo=UTC), material, load_quizzes(course, lesson))
        students = [one for one in population.truth.students if one.attempts]
        texts = {one.login: population.handed_in(one, one.attempts[-1]).modules for one in students}
        truth = {frozenset(pair) for group in groups(population.truth) for pair in pairs(group)}
        found = {frozenset((p.first, p.second)) for cluster in similar(texts, material.stubs) for p in cluster.pairs}
        right, wrong, planted = right + len(found & truth), wrong + len(found - truth), planted + len(truth)
    print(f"\nCopies in {len(seeds)} classes of {number}: {planted} pairs planted, {right} found, {wrong} wrongly.")
    print(f"  precision {right / max(1, right + wrong):.3f}, recall {right / max(1, planted):.3f}")


def pairs(group: frozenset[str]) -> list[tuple[str, str]]:
    """Return every two of a group."""
    names = sorted(group)
    return [(one, other) for at, one in enumerate(names) for other in names[at + 1 :]]


def a_large_class(rounds: int) -> list[Row]:
    """Measure statistics and similarity of 1,000 students."""
    rng = np.random.default_rng(0)
    ability, location = rng.normal(size=(LARGE, 1)), rng.normal(size=ITEMS)
    points = (rng.random((LARGE, ITEMS)) < 1 / (1 + np.exp(location - ability))) * 3.0
    calls = ("exp", "tanh", "sqrt", "abs", "cumsum", "sort", "mean", "var")
    texts = {
        f"s{student}": {
            f"m{module}": "\n".join(
                f"    a{line} = np.{calls[a]}(a{line - 1}) * {b} + np.{calls[c]}(X, axis={d})"
                for line, (a, b, c, d) in enumerate(rng.integers(8, size=(90, 4)).tolist())
            )
            for module in range(MODULES)
        }
        for student in range(LARGE)
    }
    stubs = {f"m{module}": "" for module in range(MODULES)}
    items = Row(f"item analysis, {LARGE} students x {ITEMS} exercises x 1000 rounds", "s", 1.0)
    alike = Row(f"similarity, {LARGE} students x {MODULES} modules of 90 lines", "s", 30.0)
    for turn in range(rounds):
        progress(f"large class: round {turn + 1} of {rounds}")
        for row, call in (
            (items, lambda: item_analysis(points, [3.0] * ITEMS, np.random.default_rng(1))),
            (alike, lambda: similar(texts, stubs)),
        ):
            started = time.perf_counter()
            call()
            row.values.append(time.perf_counter() - started)
    return [items, alike]


def main() -> None:
    """Print how well the report of a simulated class agrees with what is known of it, and how long it all takes."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--class", dest="number", type=int, default=200)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--classes", type=int, default=5, help="how many classes to look for copies in")
    parser.add_argument("--rounds", type=int, default=3)
    given = parser.parse_args()
    print(machine())
    whole = Row(f"the loop with a class of {given.number}, from drawing to report", "s", 90.0)
    whole.values.append(the_class(given.number, given.seed))
    the_copies(given.number, range(given.seed, given.seed + given.classes))
    print("\n" + table([whole, *a_large_class(given.rounds)]))


if __name__ == "__main__":
    main()
