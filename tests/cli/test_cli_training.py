"""`nnedu check` of a lesson in which something trains: what is quick comes first, then one sees that it goes on."""

import json
import re
import shutil
import sys
from pathlib import Path

import pytest
from cli_run import nnedu, unfit

if sys.platform == "win32":
    pytest.skip("needs a terminal of its own", allow_module_level=True)

from cli_pty import screen, typing

LINES = "lesson01_lines"
COURSES = Path(__file__).parents[1] / "courses"
QUICK = ["line", "fit", "slope_gradient", "shuffled"]
TRAINS = ["step", "RunningMean"]
QUIZZES = ["quiz_lines", "mended_lines"]
CLEAR = "\r\x1b[K"


@pytest.fixture(scope="session")
def _slow(tmp_path_factory):
    """A workspace with the first lesson of the tiny course, all of its code right. Two exercises train; one is first.

    As their code stands between quick ones, the order in which they come says what the mark does.
    """
    folder = tmp_path_factory.mktemp("slow")
    course = folder / "course"
    shutil.copytree(COURSES / "tiny", course, ignore=shutil.ignore_patterns("__pycache__"))
    for path in (COURSES / "quiz").glob("quiz*"):
        shutil.copy(path, course / "graders" / LINES)
    grader = course / "graders" / LINES / "test_lines.py"
    text = grader.read_text("utf-8")
    for name in TRAINS:
        assert text.count(f'@exercise("{name}")') == 1
        text = text.replace(f'@exercise("{name}")', f'@exercise("{name}", trains=True)')
    grader.write_text(text, "utf-8")
    settings = course / "course.toml"
    settings.write_text(settings.read_text("utf-8").replace('"math"', '"math", "time"'), "utf-8")
    (folder / "work").mkdir()
    assert nnedu("course", "bundle", "--course", "course", "--out", "release", cwd=folder).code == 0
    assert nnedu("fetch", "lines", "--from", "../release", cwd=folder / "work").code == 0
    shutil.copy(course / "solutions" / LINES / "lines.py", folder / "work" / LINES)
    return folder / "work"


@pytest.fixture
def trained(_slow, tmp_path):
    """Make a copy of the workspace in which `step` runs some lines of Python first."""

    def write(*lines):
        work = shutil.copytree(_slow, tmp_path / "work")
        path = work / LINES / "lines.py"
        text, head = path.read_text("utf-8"), "def step(value, velocity, gradient):\n"
        assert text.count(head) == 1
        body = "".join(f"    {line}\n" for line in ("import time", *lines))
        path.write_text(text.replace(head, head + body), "utf-8")
        return work

    return write


def live_lines(shown):
    """Return every line that stood on the screen while something trained."""
    return [line for line in re.split(r"\r\x1b\[K|\n", shown) if "  training, " in line]


def test_what_is_quick_is_shown_before_anything_trains(trained):
    """The quizzes too; and in the end the screen is that of a run without a terminal, in the lesson's order."""
    work = trained("print('epoch 4: loss 0.412')", "time.sleep(0.4)")
    ran = typing("check", "lines", cwd=work)
    first = screen(ran.out.partition("  step  training, ")[0])
    for name in (*QUICK, *QUIZZES):
        assert re.search(rf"(?m)^  \S+ {name} ", first), name
    assert "epoch" not in first
    assert "  step  training, 0 s … epoch 4: loss 0.412" in live_lines(ran.out)
    quiet = nnedu("check", "lines", cwd=work)
    assert screen(ran.out).rstrip() == quiet.out.rstrip()
    assert (ran.code, unfit(quiet.out)) == (quiet.code, [])
    assert "training, " not in quiet.out
    names = re.findall(r"(?m)^  [^\s|]+ (\w+) ", quiet.out)
    assert names == [*QUICK, *TRAINS, *QUIZZES]


def test_the_line_is_of_the_exercise_that_runs(trained):
    """What one exercise has printed is not shown as if the next one had."""
    lines = live_lines(typing("check", "lines", cwd=trained("print('epoch 4')", "time.sleep(0.4)")).out)
    assert any("epoch 4" in line for line in lines if "  step " in line)
    others = [line for line in lines if "  RunningMean " in line]
    assert others
    assert not any("epoch" in line for line in others)


@pytest.mark.parametrize("columns", [24, 40, 100])
def test_nothing_that_is_printed_breaks_the_line(columns, trained, monkeypatch):
    """Not a megabyte, nor what a terminal would obey, nor wide letters: there is one line, and it is taken back."""
    monkeypatch.setenv("COLUMNS", str(columns))
    work = trained(r"print('\x1b[2J\x1b]0;evil\a \u202e\x9b31m' + 'loss 漢\t' * 10**5)", "time.sleep(0.4)")
    ran = typing("check", "lines/step", cwd=work)
    shown = live_lines(ran.out)
    assert any("?" in line for line in shown) or columns < 40
    for line in shown:
        assert unfit(line) == []
        assert len(line) + line.count("漢") < columns
    assert "training, " not in screen(ran.out)


def test_one_object_stays_one_object(trained):
    """With --json there is nothing else, in a terminal either, and it says what it says without one."""
    work = trained("print('epoch 4')", "time.sleep(0.4)")
    ran = typing("check", "lines", "--json", cwd=work)
    shown, quiet = json.loads(ran.out), nnedu("check", "lines", "--json", cwd=work).json
    for facts in (shown, quiet):
        facts.pop("seconds", None)
    assert shown == quiet


def test_ctrl_c_keeps_what_was_quick(trained):
    """On the screen, without the line of what was running, and in the student's progress."""
    work = trained("print('epoch 1')", "time.sleep(60)")
    ran = typing("check", "lines", cwd=work, stop_at="epoch 1")
    left = screen(ran.out)
    assert ran.code == 130
    assert "training" not in left
    assert "Stopped. Nothing was lost." in left
    assert re.findall(r"(?m)^  \S+ (\w+) ", left) == [*QUICK, *QUIZZES]
    exercises = nnedu("status", "--json", cwd=work).json["lessons"][0]["exercises"]
    states = {one["id"]: one["state"] for one in exercises}
    assert {states[name] for name in QUICK} == {"passed"}
    assert {states[name] for name in TRAINS} == {"not_started"}
    assert nnedu("status", "--json", cwd=work).json["lessons"][0]["points"] > 0
