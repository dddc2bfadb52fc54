"""What `nnedu course verify` says of a course that is not as it should be: in the words of authors, with a place."""

import re
import subprocess
import sys

import pytest

TEST_LINES = "graders/lesson01_lines/test_lines.py"
SOLUTION = "solutions/lesson01_lines/lines.py"


def verify(course, lesson="lines"):
    """Run the real command; it is ended after a minute, which is a failure."""
    command = [sys.executable, "-m", "nnedu", "course", "verify", lesson]
    return subprocess.run(command, cwd=course, capture_output=True, text=True, timeout=60, check=False)


def edit(path, old, new):
    text = path.read_text("utf-8")
    assert text.count(old) == 1
    path.write_text(text.replace(old, new), "utf-8")


@pytest.mark.parametrize("who", ["student", "reference"])
def test_a_solution_that_does_not_end_is_said_and_not_waited_for(tiny_copy, who):
    """Whoever is asked first: the check, and the line of the loop."""
    text = (tiny_copy / "course.toml").read_text("utf-8")
    limits = re.sub(r"call_seconds = [\d.]+", "call_seconds = 0.5", text)
    assert limits != text
    (tiny_copy / "course.toml").write_text(limits, "utf-8")
    if who == "student":
        edit(tiny_copy / SOLUTION, "    return values[rng", "    while True:\n        pass\n    return values[rng")
    else:
        edit(tiny_copy / SOLUTION, "    slope = float(", "    while len(x) == 7:\n        pass\n    slope = float(")
        edit(
            tiny_copy / TEST_LINES,
            "assert_close(student.fit(x, y), reference.fit(x, y),",
            "reference.fit(x, y); assert_close(student.fit(x, y), reference.fit(x, y),",
        )
    ran = verify(tiny_copy)
    assert ran.returncode == 3
    check = "shuffled/order" if who == "student" else "fit/cloud"
    assert f"The solution of lesson01_lines does not end in the check {check}: " in ran.stderr
    assert re.search(r"was stopped after 0\.5 s .* at lines\.py:\d+, in the loop `while", ran.stderr)
    assert "course.toml" in ran.stderr.splitlines()[-1]


def test_files_that_nobody_runs_are_said(tiny_copy):
    """A grader, mistakes or variants of a module that course.toml does not name."""
    folder = tiny_copy / "graders" / "lesson01_lines"
    for name in ("test_circles.py", "mistakes_circles.py", "variants/circles.py"):
        (folder / name).write_text('"""Forgotten."""\n', "utf-8")
    ran = verify(tiny_copy)
    assert ran.returncode == 1
    said = [line for line in ran.stdout.splitlines() if "so nobody runs it" in line]
    assert [line.split()[1] for line in said] == [
        f"graders/lesson01_lines/{name}" for name in ("mistakes_circles.py", "test_circles.py", "variants/circles.py")
    ]


def test_a_grader_that_crashes_is_said_with_its_line(tiny_copy):
    """And not in the words for students."""
    edit(
        tiny_copy / TEST_LINES,
        '        """finds the line that all points lie on"""\n',
        '        """finds it"""\n        if student.fit(x := np.ones(2), x) == (0, 0):\n            {}["nothing"]\n',
    )
    ran = verify(tiny_copy)
    line = (tiny_copy / TEST_LINES).read_text("utf-8").splitlines().index('            {}["nothing"]') + 1
    assert ran.returncode == 1
    assert f"fit/exact (test_lines.py:{line}): KeyError: 'nothing'" in ran.stdout
    assert "your code" not in ran.stdout + ran.stderr


def test_a_grader_that_crashes_on_a_part_of_an_answer_is_said(tiny_copy):
    """The whole has its form, and one number in it is an array: a student would get points neither way."""
    edit(
        tiny_copy / TEST_LINES,
        '        """finds the line that all points lie on"""\n',
        '        """finds it"""\n'
        "        found = student.fit(np.arange(7.0), np.arange(7.0))\n"
        "        assert isinstance(found, tuple) and len(found) == 2 and not isinstance(found[0], list)\n"
        "        assert found[0] not in {'steep'}\n",
    )
    ran = verify(tiny_copy)
    assert ran.returncode == 1
    assert "a student who returns an array for each number makes the check fit/exact crash" in ran.stdout
    assert "TypeError: unhashable type" in ran.stdout
    assert ran.stdout.count(" crash: ") == 2  # the other is an array of no axes
