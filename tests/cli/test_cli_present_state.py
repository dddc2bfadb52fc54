"""What the commands know of the present state: which lesson is meant, what was edited, what is broken, what runs."""

import os
import re
import subprocess
import sys

import pytest
from cli_run import LESSON3, LESSON5, ROOT, nnedu

RIGHT_SHIFT = "Z - Z.max(axis=-1, keepdims=True)"


def edit(path, old, new):
    text = path.read_text("utf-8")
    assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in {path.name}"
    path.write_text(text.replace(old, new), "utf-8")


def add_a_line(path):
    path.write_text(path.read_text("utf-8") + "# edited\n", "utf-8")


# ------------------------------------------------------------------------------------------------- which lesson


@pytest.mark.parametrize("command", ["check", "hint", "undo"])
def test_without_a_name_it_is_the_lesson_last_checked(command, both):
    """At the root of the workspace; and that is said, where there is more than one lesson."""
    add_a_line(both / LESSON5 / "gradients.py")
    nnedu("check", "3", cwd=both)
    assert nnedu("check", "linear_backward", cwd=both).err == ""
    add_a_line(both / LESSON5 / "gradients.py")
    ran = nnedu(command, cwd=both)
    assert ran.code == 0, ran
    assert ran.err == "No lesson is named, so this is lesson5, the one you checked last.\n"
    assert "lesson5" in ran.last_line
    assert "No lesson is named" not in nnedu(command, cwd=both / LESSON5).err


def test_before_any_check_it_is_the_first_lesson(both):
    """And that is said as well."""
    assert nnedu("hint", cwd=both).err == "No lesson is named, so this is lesson3, the first.\n"


def test_the_only_lesson_needs_no_word(solved):
    """There is nothing to choose from."""
    assert nnedu("check", "--json", cwd=solved).err == ""


# ------------------------------------------------------------------------------------------------- parts of a lesson


@pytest.mark.parametrize(
    ("typed", "folder"), [("lesson5/gradients", "."), ("lesson5/gradients.py", "."), ("gradients.py", LESSON5)]
)
def test_a_module_is_checked_by_its_name(typed, folder, solved5):
    """Its exercises are run, no others; the end speaks of the file."""
    ran = nnedu("check", typed, cwd=solved5 / folder)
    assert ran.code == 0, ran
    assert ran.out.count("✓") == 5
    assert "gradients.py done: 17 checks, 21 points" in ran.out
    assert ran.last_line == "Next:  nnedu check lesson5"


def test_an_exercise_goes_before_a_module_of_its_name(solved5):
    """`lesson5/backprop` is the exercise, `lesson5/backprop.py` the file."""
    exercise = nnedu("check", "lesson5/backprop", "--json", cwd=solved5).json["exercises"]
    module = nnedu("check", "lesson5/backprop.py", "--json", cwd=solved5).json["exercises"]
    assert [one["id"] for one in exercise] == ["backprop"]
    assert [one["id"] for one in module] == ["backprop", "train"]


def test_what_an_exercise_waits_for_is_shown_with_it(solved5):
    """Checked alone, it is run with all that it comes after: what is broken of that is the cause."""
    edit(solved5 / LESSON5 / "gradients.py", "np.where(Z > 0, dA, 0.0)", "np.where(Z > 0, dA, 0.1)")
    ran = nnedu("check", "lesson5/backprop", cwd=solved5)
    assert ran.code == 1
    rows = re.findall(r"^  (\S) (\w+)", ran.out.partition("\n\n")[2].partition("\n\n")[0], re.MULTILINE)
    assert rows == [("✗", "relu_backward"), ("·", "backprop")]
    assert "backprop                 waits for relu_backward" in ran.out
    assert ran.last_line == "Next:  nnedu hint lesson5/relu_backward"


def test_a_prerequisite_is_no_matter_where_the_exercise_passes(solved):
    """It earns on its own merit: what it comes after is broken, and is not spoken of."""
    path = solved / LESSON3 / "activations.py"
    edit(path, "    s = sigmoid(x)\n", "    s = 0.5 * (1 + np.tanh(np.asarray(x, dtype=float) / 2))\n")
    edit(path, "    return np.where(x >= 0, 1.0, tail) / (1.0 + tail)\n", "    return 1.0 / (1.0 + tail)\n")
    assert nnedu("check", "lesson3/sigmoid", cwd=solved).code == 1
    ran = nnedu("check", "lesson3/sigmoid_derivative", "--json", cwd=solved)
    assert (ran.code, [one["id"] for one in ran.json["exercises"]]) == (0, ["sigmoid_derivative"])


def test_points_that_are_earned_when_graded_are_said(solved5):
    """The lesson is worth more than the check shows: what hidden checks add, in a sentence."""
    out = nnedu("check", "5", cwd=solved5).out
    said = re.search(r"^(\d+) more points are in checks that run when it is graded\.$", out, re.MULTILINE)
    bundle = (solved5 / ".nnedu" / "lessons" / LESSON5 / "bundle.json").read_text("utf-8")
    assert said
    assert int(said[1]) == sum(map(int, re.findall(r'"later": (\d+)', bundle)))
    assert "more point" not in nnedu("check", "5/backprop", cwd=solved5).out


# ------------------------------------------------------------------------------------------------- broken files


def test_a_file_that_cannot_be_loaded_is_said_once(solved5):
    """One line for the file; the last line leads to the place; and there is no hint about anything else."""
    path = solved5 / LESSON5 / "gradients.py"
    path.write_text(path.read_text("utf-8") + "def broken(:\n", "utf-8")
    line = len(path.read_text("utf-8").splitlines())
    ran = nnedu("check", "5", cwd=solved5)
    assert ran.code == 1
    assert ran.out.count("is not valid Python") == 1
    assert "· backprop.py              waits for gradients.py" in ran.out
    assert f"\ngradients.py   {LESSON5}/gradients.py:{line}\n" in ran.out
    assert ran.last_line == f"Next:  mend gradients.py:{line}, then  nnedu check lesson5"
    hint = nnedu("hint", cwd=solved5)
    assert "hint 1" not in hint.out
    assert f"gradients.py:{line}: invalid syntax" in hint.out
    assert hint.last_line == ran.last_line


# ------------------------------------------------------------------------------------------------- hint


def test_hint_says_that_all_of_it_passes(solved):
    """And that it was edited since, if it was: then there may be something to check."""
    nnedu("check", cwd=solved)
    ran = nnedu("hint", cwd=solved)
    assert (ran.code, ran.last_line) == (0, "Next:  nnedu submit lesson3    or  nnedu hint EXERCISE")
    assert "Every exercise passed when it was last checked. There is nothing to give a hint on." in ran.out
    named = nnedu("hint", "softmax", cwd=solved).out
    assert named.startswith("softmax passed when it was last checked; its hints stay readable.\nsoftmax, hint 1 of 3")
    add_a_line(solved / LESSON3 / "activations.py")
    ran = nnedu("hint", cwd=solved)
    assert "You have edited the lesson since." in ran.out
    assert ran.last_line == "Next:  nnedu check lesson3    or  nnedu hint EXERCISE"


def test_hint_says_what_it_is_about(solved5):
    """Never checked, waiting for another, edited since: a sentence before the hint, and none where all is plain."""
    assert nnedu("hint", "backprop", cwd=solved5).out.startswith("backprop was not checked yet.\nbackprop, hint 1 of 3")
    path = solved5 / LESSON5 / "gradients.py"
    edit(path, "np.where(Z > 0, dA, 0.0)", "np.where(Z > 0, dA, 0.1)")
    nnedu("check", "5", cwd=solved5)
    assert nnedu("hint", cwd=solved5).out.startswith("relu_backward, hint 1 of 3")
    assert nnedu("hint", "backprop", cwd=solved5).out.startswith(
        "backprop waits for relu_backward: look there first.\n"
    )
    add_a_line(path)
    ran = nnedu("hint", "5/gradients", cwd=solved5)
    assert ran.out.startswith(
        "You have edited the lesson since; this is about what the last check found.\nrelu_backward, hint 2 of 3"
    )


# ------------------------------------------------------------------------------------------------- status, undo


def test_status_says_what_was_edited_since(both):
    """And of what was not checked, that it was not."""
    nnedu("check", "3", cwd=both)
    lessons = nnedu("status", "--json", cwd=both).json["lessons"]
    assert [one["edited"] for one in lessons] == [False, False]
    assert lessons[0]["checked_at"] > "2026"
    assert lessons[1]["checked_at"] is None
    add_a_line(both / LESSON3 / "activations.py")
    out = nnedu("status", cwd=both).out
    assert re.search(r"\d+ points at the check of \d{4}-\d\d-\d\d \d\d:\d\d, edited since\n", out)
    assert ", not checked yet\n" in out
    assert nnedu("status", "--json", cwd=both).json["lessons"][0]["edited"] is True


def test_undo_lists_states_and_goes_to_one(solved):
    """Each has a number, the last line can be typed, and what is put back can be taken back."""
    path = solved / LESSON3 / "activations.py"
    empty = nnedu("undo", "3", "--list", cwd=solved)
    assert (empty.code, empty.last_line) == (0, "Next:  nnedu check lesson3")
    texts = []
    for number in range(3):
        path.write_text(f"# {number}\n" + path.read_text("utf-8"), "utf-8")
        texts.append(path.read_text("utf-8"))
        nnedu("check", "relu", cwd=solved)
    listed = nnedu("undo", "3", "--list", cwd=solved)
    rows = re.findall(r"^ +(\d)  \S+ \S+  check    (.*)$", listed.out, re.MULTILINE)
    assert rows == [("3", "as it is now"), ("2", "activations.py"), ("1", "activations.py")]
    assert listed.last_line == "Next:  nnedu undo lesson3 --to 2"
    ran = nnedu("undo", "3", "--to", "1", cwd=solved)
    assert path.read_text("utf-8") == texts[0]
    back = re.search(r"nnedu undo lesson3 --to (\d)    takes this back", ran.out)[1]
    assert nnedu("undo", "3", "--to", back, cwd=solved).code == 0
    assert path.read_text("utf-8") == texts[2]
    assert nnedu("undo", "3", "--to", "99", cwd=solved).code == 2


def test_submit_ends_with_what_to_do_next(workspace):
    """Where more can be earned, that it may be handed in once more."""
    assert nnedu("submit", "3", cwd=workspace).last_line.startswith("Next:  nnedu check lesson3, and submit once more")


def test_submit_of_all_of_it(solved):
    """There is nothing left but to see how far one is."""
    assert nnedu("submit", "3", cwd=solved).last_line == "Next:  nnedu status"


# ------------------------------------------------------------------------------------------------- the terminal


@pytest.mark.parametrize("columns", [40, 60, 100])
def test_a_check_fits_the_terminal(columns, solved):
    """What is wider than COLUMNS are code, tables, and what is copied."""
    edit(solved / LESSON3 / "activations.py", RIGHT_SHIFT, "Z")
    out = nnedu("check", "3", cwd=solved, COLUMNS=str(columns)).out
    wide = [line for line in out.splitlines() if len(line) > columns and not line.startswith("    ")]
    assert [line for line in wide if " " in line.strip()] == []
    assert max(map(len, out.splitlines())) > columns - 20


def test_no_column_is_wider_than_can_be_read(solved):
    """In a very wide terminal lines are not as long as it is."""
    edit(solved / LESSON3 / "activations.py", RIGHT_SHIFT, "Z")
    assert max(map(len, nnedu("check", "3", cwd=solved, COLUMNS="400").out.splitlines())) <= 120


@pytest.mark.skipif(sys.platform == "win32", reason="there are no pseudo terminals")
def test_in_a_terminal_one_sees_what_is_running(solved):
    """The name of the exercise, until its line takes the place; and nothing of the kind elsewhere."""
    ours, theirs = os.openpty()
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("NNEDU", "PYTEST"))}
    subprocess.run(
        [sys.executable, "-m", "nnedu", "check", "3/softmax"],
        cwd=solved,
        stdout=theirs,
        env=environment | {"NO_COLOR": "1", "PYTHONUTF8": "1", "TERM": "xterm"},
        timeout=60,
        check=True,
    )
    os.close(theirs)
    shown = os.read(ours, 65536).decode()
    os.close(ours)
    assert "\r\x1b[K  softmax ...\r\x1b[K  ✓ softmax" in shown
    assert "..." not in nnedu("check", "3/softmax", cwd=solved).out


# ------------------------------------------------------------------------------------------------- faults


def test_a_fault_is_worded_for_who_runs_the_command(tmp_path):
    """A student is told whose mistake it is not; an author has no need of that."""
    (tmp_path / "course.toml").write_text("format = 1\n")
    said = nnedu("course", "verify", cwd=tmp_path)
    assert said.code == 3
    assert said.err.startswith("This is a mistake in the course or in nnedu.\n")
    assert ROOT.name not in said.err
