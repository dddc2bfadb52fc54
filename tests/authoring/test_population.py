"""A simulated class: drawn as said, written so that it means what it says, and found again by the real commands."""

from __future__ import annotations

import ast
import html
from collections import Counter
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import numpy as np
import pytest

from nnedu.authoring.comparison import compare, groups, rank_correlation
from nnedu.authoring.disguise import disguised
from nnedu.authoring.handwriting import Hand, written
from nnedu.authoring.loop import plant_fault, play_class, to_break
from nnedu.authoring.material import Material
from nnedu.authoring.population import BLANK, HOSTILE, RIGHT, STANDS, Population, Truth
from nnedu.classroom.similarity import similar
from nnedu.cli.demo import packer
from nnedu.course import load_course
from nnedu.course.quiz import load_quizzes
from nnedu.errors import CourseFault, UsageError
from nnedu.outcome import State
from nnedu.running.bench import Bench
from nnedu.running.collect import collect
from nnedu.running.evidence import Live, local_submission

ROOT = Path(__file__).parents[2]
TINY = ROOT / "tests" / "courses" / "tiny"
DUE = datetime(2026, 3, 1, 20, tzinfo=UTC)
SEED = 7  # of a class so small that not every seed gives the ranks of six exercises; benchmarks/simulated.py has 200


class Room:
    """A lesson, with what a simulated class needs of it."""

    def __init__(self, root, lesson):
        self.course = load_course(root)
        self.lesson = self.course.lesson(lesson)
        self.exercises = collect(self.lesson.graders_folder, self.lesson.modules)
        live = Live(self.course, self.lesson)
        self.bench = Bench(self.lesson.id, self.exercises, live)
        self.material = Material(self.lesson, live, self.exercises)
        self.quizzes = load_quizzes(self.course, self.lesson)

    def population(self, number, seed=SEED):
        return Population(number, seed, DUE, self.material, self.quizzes)

    def judged(self, modules, only=None):
        with closing(local_submission(dict(modules), self.course.imports)) as submission:
            return {one.id: one for one in self.bench.examine(submission, only=only, diagnose=False).exercises}


@pytest.fixture(scope="module")
def tiny_room():
    return Room(TINY, "1")


@pytest.fixture(scope="module")
def backpropagation():
    return Room(ROOT, "5")


# ------------------------------------------------------------------------------------- what the commands make of it


@pytest.fixture(scope="module")
def played(tmp_path_factory):
    return play_class(TINY, tmp_path_factory.mktemp("class") / "out", 30, SEED, packer, lambda _: None)


def test_the_report_finds_all_that_was_planted(played):
    findings = compare(played.truth, played.report)
    assert [one for one in findings if not one.holds] == []
    assert {one.what for one in findings} >= {"missing", "late", "groups that copied", "broken checks"}
    assert played.truth.late
    assert len(groups(played.truth)) == 2


def test_what_a_report_misses_is_said(played):
    truth, report = played.truth, played.report
    quiet = msgspec.structs.replace(report, faults=[], alike=[])
    assert {one.what for one in compare(truth, quiet) if not one.holds} >= {"groups that copied", "broken checks"}
    cells = [
        msgspec.structs.replace(one, cells=[cell and (cell[0], cell[1], 18) for cell in one.cells])
        for one in report.people
    ]
    harsh = msgspec.structs.replace(report, people=cells)
    assert "for whom it counts" in {one.what for one in compare(truth, harsh) if not one.holds}
    fewer = msgspec.structs.replace(truth, met_it=truth.met_it[1:])
    assert "broken checks" in {one.what for one in compare(fewer, report) if not one.holds}
    other = msgspec.structs.replace(
        truth, students=truth.students[1:], difficulty=dict(reversed(truth.difficulty.items()))
    )
    assert {"attempts"} <= {one.what for one in compare(other, report) if not one.holds}
    easy = {name: 1 - value for name, value in truth.difficulty.items()}
    turned = compare(msgspec.structs.replace(truth, difficulty=easy), report)
    assert not next(one for one in turned if "rank" in one.what).holds


def test_alpha_is_that_of_the_points_in_the_report(played):
    report = played.report
    full = [column.max_points for column in report.columns]
    rows = [
        [cell[1] / cell[2] * most if cell and cell[2] else np.nan for cell, most in zip(one.cells, full, strict=True)]
        for one in report.people
        if one.cells
    ]
    points = np.array([row for row in rows if not np.isnan(row).any()])
    covariance = np.cov(points, rowvar=False)
    k = len(covariance)
    alpha = k / (k - 1) * (1 - np.trace(covariance) / covariance.sum())
    assert abs(report.reliability.alpha - alpha) < 1e-12
    assert report.reliability.students == len(points)


def test_marks_are_those_of_what_was_written(played):
    columns = [column.id for column in played.report.columns]
    cells = {one.login: dict(zip(columns, one.cells, strict=True)) for one in played.report.people if one.cells}
    judged = 0
    for student in played.truth.students:
        if student.login in cells:
            for exercise, done in student.attempts[-1].exercises.items():
                state, points, most = cells[student.login][exercise]
                assert (points == most) == (done.how == RIGHT), (student.login, exercise, done)
                assert (state == State.NOT_STARTED) == (done.how == BLANK)
                judged += 1
    assert judged > 140


def test_nobody_loses_points_by_the_broken_check(played):
    exercise, _, check = played.truth.broken_check.partition("/")
    sentences = {c.id: c.sentence for e in Room(TINY, "1").exercises for c in e.checks}
    (fault,) = played.report.faults
    assert (fault.exercise, fault.check) == (exercise, sentences[f"{exercise}/{check}"])
    assert "_breaks_down" in next((played.folder / "course" / "graders").rglob("*/test_*.py")).read_text("utf-8")
    assert "_breaks_down" not in next((TINY / "graders").rglob("*/test_*.py")).read_text("utf-8")


def test_the_truth_and_the_pages_are_left(played):
    assert msgspec.json.decode((played.folder / "truth.json").read_bytes(), type=Truth) == played.truth
    page = (played.folder / "report.html").read_text("utf-8")
    hostile = next(one for one in played.truth.students if one.name == HOSTILE)
    assert HOSTILE not in page
    assert html.escape(HOSTILE, quote=False).split(";")[0] in page
    if hostile.attempts:
        assert (played.folder / "students" / f"{hostile.login}.html").is_file()


# --------------------------------------------------------------------------------------------------- how it is drawn


def test_the_seed_decides_everything(tiny_room):
    first, second, other = tiny_room.population(30), tiny_room.population(30), tiny_room.population(30, seed=8)
    assert first.truth == second.truth
    assert first.truth != other.truth
    for student in first.truth.students:
        for attempt in student.attempts:
            assert first.handed_in(student, attempt) == second.handed_in(student, attempt)


def test_a_class_loses_what_the_truth_says(tiny_room, backpropagation):
    for room in (tiny_room, backpropagation):
        truth = room.population(2500).truth
        for exercise in room.material.right:
            worth = []
            for student in truth.students:
                if student.attempts and student.attempts[-1].readable:
                    done = student.attempts[-1].exercises[exercise]
                    if done.how != STANDS:
                        worth.append(room.material.way(exercise, done.way).worth if done.how != BLANK else 0.0)
            if len(worth) > 2000:  # on most nothing wrong is built
                assert 1 - np.mean(worth) == pytest.approx(truth.difficulty[exercise], abs=0.03), exercise
        assert max(truth.difficulty.values()) > 0.35


def test_the_able_do_better(tiny_room):
    students = [one for one in tiny_room.population(1500).truth.students if one.attempts and one.attempts[-1].readable]
    right = [sum(done.how == RIGHT for done in one.attempts[-1].exercises.values()) for one in students]
    assert np.corrcoef([one.ability for one in students], right)[0, 1] > 0.6


def test_what_was_right_stays_right(tiny_room):
    truth = tiny_room.population(300).truth
    copiers = {one.copier for one in truth.copies}
    better = 0
    for student in truth.students:
        if student.login not in copiers:
            for before, after in zip(student.attempts, student.attempts[1:], strict=False):
                assert before.at < after.at
                right = [{n for n, done in one.exercises.items() if done.how == RIGHT} for one in (before, after)]
                assert right[0] <= right[1]
                better += right[0] < right[1]
    assert better > 20


def test_what_is_right_builds_on_what_is_right(backpropagation):
    truth = backpropagation.population(150).truth
    standing = 0
    for student in truth.students:
        for attempt in student.attempts:
            right = {name for name, done in attempt.exercises.items() if done.how == RIGHT}
            for name, done in attempt.exercises.items():
                if done.how in {RIGHT, STANDS}:
                    uses = backpropagation.material.way(name, done.way).uses
                    assert (uses <= right) == (done.how == RIGHT)
                    standing += done.how == STANDS
    assert standing > 20


def test_who_is_late_missing_unlisted_and_unreadable(tiny_room):
    truth = tiny_room.population(400).truth
    assert len(truth.unlisted) == len(truth.unreadable) == 1
    assert 8 <= len(truth.missing) <= 40
    assert 20 <= len(truth.late) <= 60
    for student in truth.students:
        assert (bool(student.attempts) and student.attempts[-1].at > truth.due) == student.late
    assert len({one.login for one in truth.students}) == 400
    assert len({one.name for one in truth.students}) == 400


def test_copies_are_of_the_more_able(tiny_room):
    population = tiny_room.population(60)
    truth = population.truth
    students = {one.login: one for one in truth.students}
    assert len(truth.copies) == 3
    assert {one.disguised for one in truth.copies} == {True, False} or len(truth.copies) < 2
    for one in truth.copies:
        source, copier = students[one.source], students[one.copier]
        assert source.ability > copier.ability
        theirs, ours = (population.handed_in(who, who.attempts[-1]).modules["lines"] for who in (source, copier))
        assert (theirs == ours) == (not one.disguised)


# ------------------------------------------------------------------------------------------------- how it is written


MANNERS = '''
import numpy as np


def work(A: np.ndarray, B, rng, words, table, deep=3):
    """Do a little of everything that can be written in several ways."""
    text = "a" + "b" * 2 + words[0] * 2
    both = rng.normal() * rng.uniform() + rng.normal()
    order = []
    for layer in range(deep, 0, -1):
        order.append(layer)
    for layer in range(1, deep):
        if layer == 2:
            continue
        order.append(-layer)
    for layer in range(deep):
        if layer > 1:
            break
        order = order + [layer]
    layer = 10
    squares = {f"W{layer}": layer**2 + len(key) for layer, key in enumerate(words) if layer != 1}
    words = [word + text for word in words]
    left, right = A @ B, A.T
    left, right = right, left
    for key, value in table.items():
        squares[key] = value if value > 2 else -value
    total = left.sum(axis=0) @ right.mean(axis=1)[: left.shape[1]] * 2 - 1.5 * layer
    if total > 0:
        sign = 1
    else:
        sign = -1
        order.append("negative")
    if deep == 7:
        return text
    spread = (np.max(A, axis=1) - A.min(axis=1)).sum() ** 2
    return total, spread, sign, both, order, squares, words, text, layer


def outer(x, deep):
    return apply(x, deep, lambda x, n: x * n + deep)


def apply(x, deep, function):
    return function(x, 2) if deep else x
'''


def behaves(source):
    names = {}
    exec(compile(source, "manners", "exec"), names)  # noqa: S102 - it stands above
    A, B = np.arange(6.0).reshape(2, 3), np.arange(9.0).reshape(3, 3) - 4
    found = []
    for deep in (0, 1, 3, 7):
        values = names["work"](A, B[:, :2], np.random.default_rng(5), ["u", "vv", "w"], {"one": 1, "four": 4}, deep)
        found.append((values, names["outer"](3, deep)))
    return found


def test_every_manner_of_writing_means_the_same():
    expected = behaves(MANNERS)
    rng = np.random.default_rng(8)
    texts = set()
    for _ in range(120):
        tree = ast.parse(MANNERS)
        body = [written(one, Hand.of(rng), rng) if isinstance(one, ast.FunctionDef) else one for one in tree.body]
        text = ast.unparse(ast.Module(body, []))
        for source in (text, disguised(text, rng)):
            assert repr(behaves(source)) == repr(expected), source
        texts.add(text)
    assert len(texts) > 115
    whole = "\n".join(texts)
    for form in ("while ", "reversed(", "np.matmul", ".append(", "np.transpose(", "str(", "not "):
        assert form in whole


def test_a_right_way_is_right_in_every_hand(tiny_room):
    rng = np.random.default_rng(3)
    texts = set()
    for _ in range(60):
        chosen = {name: ways[rng.integers(len(ways))] for name, ways in tiny_room.material.right.items()}
        text = tiny_room.material.module(
            "lines", chosen, Hand.of(rng), lambda _: np.random.default_rng(rng.integers(1 << 30))
        )
        texts.add(text)
        assert all(one.state is State.PASSED for one in tiny_room.judged({"lines": text}).values()), text
    assert len(texts) == 60


def test_a_mistake_is_worth_the_same_in_every_hand(tiny_room):
    rng = np.random.default_rng(3)
    for name, ways in tiny_room.material.wrong.items():
        for way in ways:
            chosen = {other: right[0] for other, right in tiny_room.material.right.items()} | {name: way}
            for _ in range(5):
                hand = Hand.of(rng)
                draws = np.random.default_rng(rng.integers(1 << 30))
                text = tiny_room.material.module("lines", chosen, hand, lambda _, draws=draws: draws)
                one = tiny_room.judged({"lines": text}, only=name)[name]
                assert one.points / one.max_points == pytest.approx(way.worth, abs=1e-12), (way.name, text)


def test_hands_keep_the_meaning_of_a_larger_lesson(backpropagation):
    room = backpropagation
    population = room.population(14)
    for student in population.truth.students:
        if student.attempts and student.attempts[-1].readable:
            attempt = student.attempts[-1]
            quick = {name for name in attempt.exercises if not name.startswith("train")}
            judged = room.judged(population.handed_in(student, attempt).modules, only=quick)
            for name in quick:
                done, one = attempt.exercises[name], judged[name]
                assert (one.points == one.max_points) == (done.how == RIGHT), (student.login, name, done)
                if one.module != "columns":  # which is given as a program that runs
                    assert (one.state is State.NOT_STARTED) == (done.how == BLANK)


def test_a_disguise_keeps_the_meaning_and_nothing_of_the_looks(tiny_room):
    population = tiny_room.population(30)
    rng = np.random.default_rng(1)
    for student in population.truth.students[:20]:
        if student.attempts:
            text = population.handed_in(student, student.attempts[-1]).modules["lines"]
            changed = disguised(text, rng)
            points = [
                {n: one.points for n, one in room.items()}
                for room in map(tiny_room.judged, ({"lines": text}, {"lines": changed}))
            ]
            assert points[0] == points[1]
            assert changed != text
            order = [[n.name for n in ast.parse(one).body if isinstance(n, ast.FunctionDef)] for one in (text, changed)]
            assert Counter(order[0]) == Counter(order[1])


def test_planted_copies_are_found_and_no_others(backpropagation):
    population = backpropagation.population(50, seed=1)
    students = [one for one in population.truth.students if one.attempts]
    texts = {one.login: population.handed_in(one, one.attempts[-1]).modules for one in students}
    clusters = similar(texts, backpropagation.material.stubs)
    assert {frozenset(cluster.students) for cluster in clusters} == groups(population.truth)
    assert len(clusters) == 2


def test_one_file_holds_what_was_begun_and_the_stub_where_nothing_was(tiny_room):
    material = tiny_room.material
    draws = lambda _: np.random.default_rng(1)  # noqa: E731 - the same for every name
    hand = Hand.of(np.random.default_rng(2))
    assert material.module("lines", {}, hand, draws) == material.stubs["lines"]
    one = material.module("lines", {"fit": material.right["fit"][0]}, hand, draws)
    states = {name: outcome.state for name, outcome in tiny_room.judged({"lines": one}).items()}
    assert states.pop("fit") in {State.PASSED, State.WAITING}
    assert set(states.values()) == {State.NOT_STARTED}


# ----------------------------------------------------------------------------------------------------- what is planted


def test_a_broken_check_passes_the_right_and_faults_at_the_wrong(tiny_copy, tiny_room):
    check, met = to_break(tiny_room.population(60).truth, tiny_room.material, tiny_room.exercises, SEED)
    assert len(met) >= 2
    plant_fault(tiny_copy, "lesson01_lines", check)
    room = Room(tiny_copy, "1")
    solution = {"lines": (tiny_copy / "solutions/lesson01_lines/lines.py").read_text("utf-8")}
    assert all(one.state is State.PASSED for one in room.judged(solution).values())
    found = set()
    for way in tiny_room.material.wrong[check.exercise]:
        chosen = {other: right[0] for other, right in tiny_room.material.right.items()} | {check.exercise: way}
        text = tiny_room.material.module("lines", chosen, Hand(0, 0, 0, 0), lambda _: np.random.default_rng(1))
        before, after = (one.judged({"lines": text})[check.exercise] for one in (tiny_room, room))
        was = {one.id: one for one in before.checks}
        for one in after.checks:
            if one.id == check.name and one.id in way.fails:
                found.add(one.state)
                assert one.max_points == 0
                assert after.points == before.points
            else:
                assert one.state is was[one.id].state
    assert found == {State.FAULT}


def test_where_nobody_would_meet_it_nothing_is_broken(tiny_room):
    with pytest.raises(UsageError, match="no check that could be broken"):
        to_break(tiny_room.population(4).truth, tiny_room.material, [], SEED)


def test_a_check_that_is_not_there_cannot_be_broken(tiny_copy, tiny_room):
    check = replace(tiny_room.exercises[0].checks[0], name="nothing")
    with pytest.raises(CourseFault, match="line has no check test_nothing"):
        plant_fault(tiny_copy, "lesson01_lines", check)


def test_ranks_of_equal_values_are_shared():
    assert rank_correlation([1, 2, 3, 4], [10, 20, 30, 40]) == pytest.approx(1)
    assert rank_correlation([1, 2, 3, 4], [4, 3, 2, 1]) == pytest.approx(-1)
    # Ranks 1, 2.5, 2.5, 4 against 1, 2, 3, 4: covariance 4.5/3, variances 4.5/3 and 5/3.
    assert rank_correlation([1, 2, 2, 3], [1, 2, 3, 4]) == pytest.approx(4.5 / (4.5 * 5) ** 0.5)


# ------------------------------------------------------------------------------------------------ what is typed wrongly


def test_a_folder_that_holds_something_is_left_alone(tmp_path):
    (tmp_path / "thesis.txt").write_text("mine", "utf-8")
    with pytest.raises(UsageError, match="not empty"):
        play_class(TINY, tmp_path, 40, SEED, packer, print)
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.txt"]


def test_a_class_can_be_too_small(tmp_path):
    with pytest.raises(UsageError, match="too small"):
        play_class(TINY, tmp_path / "out", 3, SEED, packer, print)
    assert not (tmp_path / "out").exists()
