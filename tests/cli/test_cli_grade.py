"""Grading a class again: after a kill, Ctrl-C, or a change. Always the same grades, and nothing is graded twice."""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time

import psutil
import pytest
from cli_pty import typing
from cli_run import ROOT, nnedu

SECONDS = 60
TINY = ROOT / "tests" / "courses" / "tiny"
RIGHT = (TINY / "solutions" / "lesson02_sums" / "sums.py").read_text("utf-8")
STUB = (TINY / "exercises" / "lesson02_sums" / "sums.py").read_text("utf-8")
KINDS = {
    "right": RIGHT,
    "mean": RIGHT.replace("np.sum", "np.mean"),
    "raises": RIGHT.replace("return float", "values = values[99]\n    return float"),
    "syntax": RIGHT.replace("float(np", "float(np("),
    "stub": STUB,
    "exits": RIGHT.replace("return float", "import os\n    return float"),
}
STUDENTS = 24
ENDLESS = RIGHT.replace(
    "    return", "    n = 0\n    while n < 9:\n        n = n + 1\n        n = n * 0\n    return", 1
)


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    """The tiny course, losing patience after half a second."""
    root = shutil.copytree(TINY, tmp_path_factory.mktemp("course") / "tiny")
    text = (root / "course.toml").read_text("utf-8")
    assert "call_seconds = 5.0" in text
    (root / "course.toml").write_text(text.replace("call_seconds = 5.0", "call_seconds = 0.5"), "utf-8")
    return root


@pytest.fixture(scope="module")
def handed_in(tmp_path_factory):
    """A class that hands in all kinds of work, no two the same but those of the last two."""
    place = tmp_path_factory.mktemp("class") / "in"
    for number in range(STUDENTS):
        kind = list(KINDS)[number % len(KINDS)]
        hand_in(place, f"s{number:02}", f"{KINDS[kind]}# {min(number, STUDENTS - 2)}\n" if kind != "stub" else STUB)
    hand_in(place, "s05", ENDLESS)
    shutil.copytree(place / f"s{STUDENTS - 2:02}", place / f"s{STUDENTS - 1:02}", dirs_exist_ok=True)
    return place


def hand_in(place, student, text):
    (place / student).mkdir(parents=True, exist_ok=True)
    (place / student / "sums.py").write_text(text, "utf-8")


def command(course, handed_in, *options):
    return ["grade", "sums", handed_in, "--course", course, "--out", "out", "--workers", "2", *options]


def graded(folder):
    """Return the bytes that an instructor is left with."""
    out = folder / "out"
    paths = [out / "grades.json", out / "grades.csv", *sorted((out / "feedback").iterdir())]
    return {path.name: path.read_bytes() for path in paths}


def kept(folder):
    """Return the files of the results that are there, so that one that was written again shows."""
    found = (folder / "out" / ".results").glob("[0-9a-f]*")
    return {path.name: (path.stat().st_ino, path.stat().st_mtime_ns) for path in found}


@pytest.fixture(scope="module")
def undisturbed(course, handed_in, tmp_path_factory):
    """What a class is graded that nothing happens to."""
    folder = tmp_path_factory.mktemp("undisturbed")
    ran = nnedu(*command(course, handed_in), cwd=folder)
    assert ran.code == 0, ran
    assert ran.last_line.startswith(f"{STUDENTS} submissions graded. Written: out/grades.csv")
    assert ran.err.count("graded s") == STUDENTS
    return folder


@pytest.fixture
def started():
    """Start the command in a session of its own; end what is left of it."""
    running = []

    def start(arguments, folder):
        process = subprocess.Popen(
            [sys.executable, "-m", "nnedu", *map(str, arguments)],
            cwd=folder,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            start_new_session=True,
        )
        running.append(process)
        return process

    yield start
    for process in running:
        process.kill()
        process.wait()
        process.stderr.close()


def wait_for(process, folder, lines):
    """Wait until so many submissions are graded, or, for none, until results are about to be kept."""
    if not lines:
        until = time.monotonic() + SECONDS
        while not (folder / "out" / ".results").is_dir():
            assert time.monotonic() < until
            time.sleep(0.005)
    for _ in range(lines):
        assert process.stderr.readline().startswith(b"graded ")
    return psutil.Process(process.pid).children(recursive=True)


@pytest.mark.parametrize("lines", [0, 2, 14])
def test_kill_9_costs_nothing(course, handed_in, undisturbed, started, tmp_path, lines):
    """Killed at any moment and run again: the same bytes, and no result is made a second time."""
    process = started(command(course, handed_in), tmp_path)
    children = wait_for(process, tmp_path, lines)
    process.send_signal(signal.SIGKILL)
    process.wait()
    _, alive = psutil.wait_procs(children, timeout=SECONDS)
    assert alive == []
    before = kept(tmp_path)
    ran = nnedu(*command(course, handed_in), cwd=tmp_path)
    assert ran.code == 0, ran
    assert graded(tmp_path) == graded(undisturbed)
    after = kept(tmp_path)
    assert len(before) >= lines - 4  # stubs are the same four times, and so are the last two
    assert before.items() <= after.items()
    assert after.keys() == kept(undisturbed).keys()
    assert ("in an earlier run" in ran.out) is bool(before)


def test_ctrl_c_keeps_what_is_graded(course, handed_in, undisturbed, started, tmp_path):
    """It says how much that is and how to go on; nothing is left running, and no traceback shows."""
    process = started(command(course, handed_in), tmp_path)
    children = wait_for(process, tmp_path, 5)
    os.killpg(process.pid, signal.SIGINT)
    said = process.stderr.read().decode()
    assert process.wait(SECONDS) == 130
    assert "To go on, type the same command again." in said
    assert "graded, and kept" in said
    assert "Traceback" not in said
    _, alive = psutil.wait_procs(children, timeout=SECONDS)
    assert alive == []
    before = kept(tmp_path)
    assert len(before) >= 4
    assert nnedu(*command(course, handed_in), cwd=tmp_path).code == 0
    assert before.items() <= kept(tmp_path).items()
    assert graded(tmp_path) == graded(undisturbed)


def test_a_second_run_grades_nothing(course, handed_in, undisturbed, tmp_path):
    """Everything is there already; --regrade grades it anew, to the same bytes."""
    shutil.copytree(undisturbed, tmp_path, dirs_exist_ok=True)
    before = kept(tmp_path)
    ran = nnedu(*command(course, handed_in), cwd=tmp_path)
    assert f"{STUDENTS} submissions graded ({STUDENTS} of them in an earlier run)." in ran.last_line
    assert kept(tmp_path) == before
    assert graded(tmp_path) == graded(undisturbed)
    ran = nnedu(*command(course, handed_in, "--regrade"), cwd=tmp_path)
    assert "earlier" not in ran.out
    after = kept(tmp_path)
    assert after.keys() == before.keys()
    assert not after.items() & before.items()
    assert graded(tmp_path) == graded(undisturbed)


def test_the_same_submission_is_graded_once(undisturbed):
    """Students who hand in the same share a result, not a name."""
    distinct = STUDENTS - (STUDENTS // len(KINDS) - 1) - 1
    assert len(kept(undisturbed)) == distinct
    rows = json.loads(graded(undisturbed)["grades.json"])["submissions"]
    assert [one["student"] for one in rows] == [f"s{number:02}" for number in range(STUDENTS)]
    assert rows[-1]["exercises"] == rows[-2]["exercises"]


def test_what_has_changed_is_graded_anew(course, handed_in, undisturbed, tmp_path):
    """A submission: that one alone. A damaged result: that one. The lesson: everybody."""
    shutil.copytree(undisturbed, tmp_path, dirs_exist_ok=True)
    place = shutil.copytree(handed_in, tmp_path / "in")
    hand_in(place, "s01", RIGHT + "# mended\n")
    ran = nnedu(*command(course, place), cwd=tmp_path)
    assert f"({STUDENTS - 1} of them in an earlier run)" in ran.last_line
    rows = json.loads(graded(tmp_path)["grades.json"])["submissions"]
    assert (rows[1]["student"], rows[1]["points"]) == ("s01", 5)
    for damage in (bytes.upper, lambda data: data[: len(data) // 2], lambda _: b"", lambda data: data + b" "):
        path = tmp_path / "out" / ".results" / max(kept(tmp_path))
        right = path.read_bytes()
        path.write_bytes(damage(right))
        ran = nnedu(*command(course, place), cwd=tmp_path)
        assert ran.code == 0
        assert path.read_bytes().count(b"\n") == 1
        assert f"({STUDENTS} of them" not in ran.last_line
        assert json.loads(graded(tmp_path)["grades.json"])["submissions"] == rows
    other = shutil.copytree(course, tmp_path / "course")
    grader = other / "graders" / "lesson02_sums" / "test_sums.py"
    grader.write_text(grader.read_text("utf-8").replace("@points(2)", "@points(3)", 1), "utf-8")
    ran = nnedu(*command(other, place), cwd=tmp_path)
    assert "earlier" not in ran.last_line
    found = json.loads(graded(tmp_path)["grades.json"])
    assert (found["max_points"], found["submissions"][0]["points"]) == (6, 6)


def test_the_grades_are_the_same_however_they_are_made(course, handed_in, undisturbed, tmp_path):
    """One process or three, another order of sets and of submissions: the same bytes."""
    some = tmp_path / "some"
    for number in range(STUDENTS - 1, 0, -2):
        shutil.copytree(handed_in / f"s{number:02}", some / f"s{number:02}")
    for seed, workers, first in (("1", 1, ()), ("random", 3, (some,))):
        folder = tmp_path / seed
        folder.mkdir()
        for place in (*first, handed_in):
            ran = nnedu(*command(course, place), "--workers", workers, cwd=folder, PYTHONHASHSEED=seed)
            assert ran.code == 0
        assert graded(folder) == graded(undisturbed)


def test_what_the_grades_depend_on_is_kept_with_them(undisturbed, course, handed_in):
    """The versions, and the layers that student code ran behind."""
    used = json.loads(graded(undisturbed)["grades.json"])["graded_with"]
    assert (used["course"], used["course_version"]) == ("Lines and sums", "1.0")
    assert used["engine"].startswith("nnedu ")
    assert "numpy" in used["engine"]
    (layers,) = used["sandbox"]
    assert "seccomp" in layers


FAULT = '''
    @points(1)
    def test_short(self, student):
        """has a short name"""
        assert {5: True}[len(str(student.total([])))]


@exercise("answers", sealed=True)
'''


def test_a_fault_in_one_submission_is_for_a_person(course, tmp_path):
    """It is named, counts neither way, exits 3, and is tried again the next time; the others are graded."""
    other = shutil.copytree(course, tmp_path / "course")
    path = other / "graders" / "lesson02_sums" / "test_sums.py"
    mark = '\n\n@exercise("answers", sealed=True)\n'
    path.write_text(path.read_text("utf-8").replace(mark, FAULT.replace("{5: True}", "{3: True, 4: False}")), "utf-8")
    hand_in(tmp_path / "in", "ada", RIGHT)
    hand_in(
        tmp_path / "in", "ben", RIGHT.replace("return float(np.sum(values))", "return float(np.sum(values)) or 17.25")
    )
    hand_in(
        tmp_path / "in", "eve", RIGHT.replace("return float(np.sum(values))", "return float(np.sum(values)) or 1.25")
    )
    for again in ("", " (2 of them in an earlier run)"):
        ran = nnedu(*command(other, tmp_path / "in"), cwd=tmp_path)
        assert ran.code == 3, ran
        assert "Look by hand at: ben\n" in ran.out
        assert ran.last_line.startswith(f"3 submissions graded{again}. Written: ")
    ada, ben, eve = json.loads(graded(tmp_path)["grades.json"])["submissions"]
    assert [one["points"] for one in (ada, ben, eve)] == [6, 5, 5]
    assert ben["by_hand"] == ["total/short"]
    assert "by_hand" not in ada
    rows = graded(tmp_path)["grades.csv"].decode().splitlines()
    assert rows[2] == "ben,5,5,2,3,,look at it by hand: a fault in total/short"
    assert "not counted" in graded(tmp_path)["ben.txt"].decode()


@pytest.mark.parametrize(
    ("lesson", "module", "old", "new", "said"),
    [
        ("lesson02_sums", "sums", '"second": "a"}', '"second": "b"}', "answers/right"),
        ("lesson01_lines", "lines", "- y) * x)])", "- y) * x) * 2])", "is not the derivative of the loss"),
    ],
)
def test_a_broken_solution_grades_nobody(course, tmp_path, lesson, module, old, new, said):
    """Exit 3, and what it does not pass; a right student is not judged by it."""
    other = shutil.copytree(course, tmp_path / "course")
    path = other / "solutions" / lesson / f"{module}.py"
    right = path.read_text("utf-8")
    assert right.count(old) == 1
    (tmp_path / "in" / "ada").mkdir(parents=True)
    (tmp_path / "in" / "ada" / path.name).write_text(right, "utf-8")
    path.write_text(right.replace(old, new), "utf-8")
    ran = nnedu("grade", lesson, "in", "--course", other, "--out", "out", cwd=tmp_path)
    assert (ran.code, ran.out) == (3, "")
    assert said in ran.err
    assert "Nobody has been graded" in ran.err
    assert "graded ada" not in ran.err
    assert kept(tmp_path) == {}
    assert not (tmp_path / "out" / "grades.json").exists()


def test_a_large_class_is_not_a_screenful_of_lines(course, tmp_path):
    """Above forty submissions, a line for every twentieth part, with the rate and what is left."""
    for number in range(100):
        hand_in(tmp_path / "in", f"s{number:03}", RIGHT + f"# {number % 5}\n")
    ran = nnedu(*command(course, tmp_path / "in"), cwd=tmp_path)
    assert ran.code == 0
    lines = ran.err.splitlines()
    assert len(lines) == 20
    assert lines[0].startswith("graded 5 of 100, ")
    assert "/s" in lines[0]
    assert lines[-1].startswith("graded 100 of 100, ")


def test_the_bar_in_a_terminal(course, tmp_path):
    """It shows how far grading is, the rate and a student, whose name is no markup."""
    for number in range(30):
        hand_in(tmp_path / "in", f"s{number:03}[bold]", RIGHT + f"# {number}\n")
    ran = typing(*command(course, tmp_path / "in"), cwd=tmp_path)
    assert ran.code == 0, ran.out
    assert "grading" in ran.out
    assert re.search(r"30/30 +[\d.]+/s .*s\d+\[bold\]", ran.out), ran.out


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--executor", "dask"], "--executor dask needs the address of a scheduler."),
        (["--executor", "pool", "--scheduler", "tcp://127.0.0.1:1"], "Leave one of them out."),
        (["--scheduler", "tcp://127.0.0.1:1"], "--workers is for this machine"),
        (["--workers", "0"], "Invalid value for '--workers'"),
    ],
)
def test_options_that_do_not_go_together(course, handed_in, tmp_path, options, said):
    """A sentence, and nothing is graded."""
    ran = nnedu(*command(course, handed_in, *options), cwd=tmp_path)
    assert (ran.code, ran.out) == (2, "")
    assert said in ran.err
    assert not (tmp_path / "out").exists()


def test_a_missing_part_is_said_with_how_to_install_it(course, handed_in, tmp_path):
    """Dask is an extra."""
    (tmp_path / "distributed").mkdir()
    (tmp_path / "distributed" / "__init__.py").write_text("raise ImportError(name='distributed')\n")
    arguments = ["grade", "sums", handed_in, "--course", course, "--scheduler", "tcp://127.0.0.1:1"]
    ran = nnedu(*arguments, cwd=tmp_path, PYTHONPATH=str(tmp_path))
    assert ran.code == 2
    assert 'pip install "nnedu[cluster]"' in ran.err
