"""`pytest graders/...` as an author types it: a process of its own, the plugin found by its entry point."""

import subprocess
import sys

import pytest


def run(folder, *options):
    """Run pytest in a folder, as somebody would, and return its exit code and what it printed."""
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-W", "error", *options],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    return done.returncode, done.stdout + done.stderr


def test_the_solution_passes(tiny_copy):
    """With no option, graders run against the solution, hidden checks too; all lessons in one run."""
    code, text = run(tiny_copy, "graders")
    assert code == 0, text
    assert "13 passed" in text


def test_a_wrong_student_fails(tiny_copy, tmp_path):
    """With --student, in a process of its own; only what is wrong fails, and the message says what is."""
    work = tmp_path / "work"
    work.mkdir()
    source = (tiny_copy / "solutions" / "lesson01_lines" / "lines.py").read_text()
    (work / "lines.py").write_text(source.replace("np.array([np.mean(", "np.array([np.sum("))
    code, text = run(tiny_copy, "graders/lesson01_lines", "--student", str(work))
    assert code == 1
    assert "1 failed, 9 passed" in text
    assert "Every entry is off by the same factor, 7: the batch holds m = 7 examples." in text


@pytest.mark.parametrize("start", ["stubs", "empty"])
def test_a_student_who_has_done_nothing_fails_everything(tiny_copy, tmp_path, start):
    """Stubs, and a folder with nothing in it."""
    folder = tiny_copy / "exercises" / "lesson01_lines" if start == "stubs" else tmp_path / "nothing"
    folder.mkdir(exist_ok=True)
    code, text = run(tiny_copy, "graders/lesson01_lines", "--student", str(folder))
    assert code == 1
    assert "10 failed" in text
    assert "passed" not in text


def test_a_grader_outside_a_course_says_so(tiny_copy):
    """There is no course.toml above it."""
    (tiny_copy / "course.toml").unlink()
    code, text = run(tiny_copy, "graders/lesson02_sums")
    assert code == 1
    assert "is not inside a course" in text


def test_the_plugin_costs_other_projects_nothing(tmp_path):
    """It is loaded in every pytest run: numpy and the engine are not."""
    (tmp_path / "test_other.py").write_text(
        "import sys\n\n\ndef test_nothing():\n    assert not {'numpy', 'nnedu.checking'} & set(sys.modules)\n"
    )
    code, text = run(tmp_path)
    assert code == 0, text
