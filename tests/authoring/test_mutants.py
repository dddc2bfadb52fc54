"""Mutation testing: what no check fails is a hole, or has a reason; a label lasts as long as its statement."""

import os
import subprocess
import sys
import time
from functools import partial

import pytest

from nnedu.authoring.jury import STOPPED, judged
from nnedu.authoring.mutants import _cases, label_problems, load_labels, survivors
from nnedu.authoring.verify import verify
from nnedu.course import load_course
from nnedu.errors import CourseFault
from nnedu.running.collect import collect

FLOAT = {
    "module": "sums",
    "inside": "total",
    "line": "return float(np.sum(values))",
    "becomes": "return np.sum(values)",
}


def label(**changes):
    """An entry of survivors.toml."""
    fields = FLOAT | {"verdict": "right", "reason": "A NumPy scalar is a number."} | changes
    return "[[survivor]]\n" + "".join(f'{name} = "{value}"\n' for name, value in fields.items()) + "\n"


@pytest.fixture
def sums(tiny_copy):
    """The lesson of sums in a course of its own: its grader, its solution, and its labels to be written."""
    return tiny_copy / "graders" / "lesson02_sums"


def report_of(root, lesson="sums", **options):
    course = load_course(root)
    return survivors(course, course.lesson(lesson), **options)


def test_what_no_check_fails_is_found(tiny_copy):
    """Of seven mutants six are killed: the one left is a right answer, too, and nobody has said so yet."""
    report = report_of(tiny_copy)
    assert (report.made, report.killed, report.right, report.wrong) == (7, 6, 0, 0)
    assert [(one.line, one.becomes) for one in report.survivors] == [(FLOAT["line"], FLOAT["becomes"])]
    assert report.problems == ["85.7% of the wrong mutants of lesson02_sums are killed; 95% are asked for"]


def test_a_weak_check_lets_mutants_live(sums, tiny_copy):
    """A check that looks at the type alone."""
    path = sums / "test_sums.py"
    path.write_text(path.read_text().replace("reference.total(values), name", "student.total(values), name"))
    lines = {one.becomes for one in report_of(tiny_copy, only="total").survivors}
    assert lines == {"return np.sum(values)", "return float(np.mean(values))"}


def test_a_right_mutant_does_not_count(sums, tiny_copy):
    """It is out of the share, and no survivor any more."""
    (sums / "survivors.toml").write_text(label())
    report = report_of(tiny_copy)
    assert (report.killed, report.right, report.share, report.survivors, report.problems) == (6, 1, 1.0, [], [])


def test_a_wrong_mutant_that_is_let_live_counts(sums, tiny_copy):
    """It has a reason, but the share has to be reached all the same."""
    (sums / "survivors.toml").write_text(label(verdict="wrong"))
    report = report_of(tiny_copy)
    assert (report.wrong, report.survivors) == (1, [])
    assert report.problems == ["85.7% of the wrong mutants of lesson02_sums are killed; 95% are asked for"]


def test_a_label_of_what_is_killed_is_refused(sums, tiny_copy):
    """Some check has become stronger."""
    dead = label(becomes="return float(np.mean(values))")
    (sums / "survivors.toml").write_text(label() + dead)
    (problem,) = report_of(tiny_copy).problems
    assert "return float(np.mean(values)) is labelled as a survivor, but a check fails it" in problem


def test_what_trains_may_be_left_out(sums, tiny_copy):
    """Of seven mutants two are of total."""
    path = sums / "test_sums.py"
    path.write_text(path.read_text().replace('@exercise("total")', '@exercise("total", trains=True)'))
    report = report_of(tiny_copy, quick=True)
    assert 0 < report.made < 7
    assert report.survivors == []


@pytest.mark.parametrize(("becomes", "killed"), [("return np.sum(values)", 6), ("return float(np.mean(values))", 5)])
def test_what_trains_by_its_luck_is_not_run(sums, tiny_copy, becomes, killed):
    """It counts as right, and its label is not stale where it would be killed."""
    alive = label() if becomes != FLOAT["becomes"] else ""
    (sums / "survivors.toml").write_text(alive + label(becomes=becomes, verdict="chance"))
    report = report_of(tiny_copy)
    assert (report.killed, report.right, report.survivors, report.problems) == (killed, 7 - killed, [], [])


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"line": "return sum(values)"}, "the solution has no such mutant any more"),
        ({"inside": "sum"}, "the solution has no such mutant any more"),
        ({"reason": " "}, "without a reason"),
    ],
)
def test_stale_labels_are_refused(sums, tiny_copy, changes, says):
    """The statement was edited, or nobody said why."""
    (sums / "survivors.toml").write_text(label(**changes))
    course = load_course(tiny_copy)
    lesson = course.lesson("sums")
    (problem,) = label_problems(lesson, collect(lesson.graders_folder, lesson.modules))
    assert problem.startswith("survivors.toml: in sums.")
    assert says in problem


def test_verify_refuses_stale_labels(sums, tiny_copy):
    """Without running a mutant."""
    (sums / "survivors.toml").write_text(label(inside="sum"))
    course = load_course(tiny_copy)
    assert [p for p in verify(course, course.lesson("sums")).problems if p.startswith("survivors.toml")]


@pytest.mark.parametrize("text", ["[[survivor]\n", label(verdict="maybe"), label(extra="x"), "survivor = 1\n"])
def test_labels_that_cannot_be_read_are_said(sums, tiny_copy, text):
    """With the file, and what belongs into it."""
    (sums / "survivors.toml").write_text(text)
    with pytest.raises(CourseFault, match=r"survivors.toml cannot be read.*\n.*module, inside, line"):
        load_labels(load_course(tiny_copy).lesson("sums"))


def test_a_helper_is_noticed_by_what_uses_it(tiny):
    """Mutants of _centred are judged by the checks of fit; constants that students are given have none."""
    lesson = tiny.lesson("lines")
    cases = _cases(lesson, collect(lesson.graders_folder, lesson.modules))
    asked = {case.mutant.inside: case.exercises for case in cases}
    assert asked["_centred"] == asked["fit"] == ("fit",)
    assert set(asked) == {"line", "fit", "_centred", "slope_gradient", "step", "shuffled", "RunningMean"}


def answer(number):
    """A judge: some mutants pass, some fail, one never ends, one ends everything."""
    if number == 3:
        while True:
            time.sleep(0.01)
    if number == 5:
        os._exit(1)
    return "" if number % 2 else f"check {number}"


def make_judge():
    return answer


def refuse():
    """No judge can be made."""
    raise SystemExit(1)


def test_a_mutant_that_never_ends_is_stopped():
    """And one that takes its process with it; those after them are judged as if nothing had been."""
    found = judged(make_judge, dict.fromkeys(range(9), 2.0), workers=2)
    assert found == {n: STOPPED if n in {3, 5} else "" if n % 2 else f"check {n}" for n in range(9)}


def test_a_jury_that_does_not_start_is_said():
    """Instead of every mutant being called dead."""
    with pytest.raises(Exception, match="did not start"):
        judged(partial(refuse), dict.fromkeys(range(2), 2.0), workers=1)


def test_the_command(sums, tiny_copy):
    """It prints what is to be labelled, as it would stand in the file, and exits 1 until all is explained."""

    def run():
        command = [sys.executable, "-m", "nnedu", "course", "mutants", "sums", "--course", str(tiny_copy)]
        return subprocess.run(command, capture_output=True, text=True, check=False)

    before = run()
    assert before.returncode == 1
    assert "line = 'return float(np.sum(values))'\nbecomes = 'return np.sum(values)'\n" in before.stdout
    assert "wrong: 85.7% of the wrong mutants" in before.stdout
    text = before.stdout[before.stdout.index("[[survivor]]") : before.stdout.index("\n\nlesson ")]
    said = text.replace("verdict = ''", "verdict = 'right'").replace("reason = ''", "reason = 'A scalar.'")
    (sums / "survivors.toml").write_text(said)
    after = run()
    assert (after.returncode, after.stderr) == (0, "")
    assert "100.0%" in after.stdout
    assert "[[survivor]]" not in after.stdout
