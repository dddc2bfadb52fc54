"""Rows 21 and 22: what students write is text in every report, and what hidden checks gave them is in none."""

from __future__ import annotations

import csv
import io
import json
import shutil
import textwrap
from pathlib import Path

import pytest
from attacks_grader import COURSE
from attacks_run import SOURCES, obeyed, run_nnedu
from attacks_table import HONEST

# Names that a terminal, a spreadsheet, a page or a workflow would take for more than a name.
NAMES = (
    "=cmd|' !A0",
    "+1+1",
    "-2",
    "@SUM(A1)",
    "::set-output name=points::12",
    "a ##[set-output name=points]12",
    "<script>alert(1)<",
    "esc\x1b[31mred\x07",
    "line\nben  12/12",
    "right\u202eto left",
    "tab\tname",
)


def hand_in(place, student, source=""):
    (place / student).mkdir(parents=True)
    (place / student / "targets.py").write_text(HONEST + "\n\n" + textwrap.dedent(source), "utf-8")


@pytest.fixture(scope="module")
def reports(tmp_path_factory):
    """Grade a class of such names and sources, and return the folder and what was printed."""
    folder = tmp_path_factory.mktemp("reports")
    for name in NAMES:
        hand_in(folder / "handed-in", name)
    for name, source in SOURCES.items():
        hand_in(folder / "handed-in", name, source)
    done = run_nnedu("grade", "lesson1", "handed-in", "--out", "out", "--course", COURSE, cwd=folder)
    assert done.returncode == 0, done.stderr.decode()
    return folder, done.stdout.decode(), done.stderr.decode()


def test_no_report_holds_what_a_terminal_obeys(reports):
    folder, out, err = reports
    texts = {"standard output": out, "standard error": err}
    for path in (path for path in (folder / "out").rglob("*") if path.is_file() and path.suffix in {".txt", ".csv"}):
        texts[path.name] = path.read_text("utf-8") + str(path.name)
    assert len(texts) == 2 + len(NAMES) + len(SOURCES) + 1
    assert {name: obeyed(text) for name, text in texts.items() if obeyed(text)} == {}
    assert not [path for path in (folder / "out" / "feedback").iterdir() if obeyed(path.name)]


def test_the_table_has_a_line_for_each_student(reports):
    _, out, _ = reports
    lines = out.splitlines()
    first = next(number for number, line in enumerate(lines) if set(line) == {"-", " "}) + 1
    rows = lines[first : lines.index("", first)]
    assert len(rows) == len(NAMES) + len(SOURCES)
    assert not [line for line in lines if line.lstrip().startswith(("forged", "ben "))]


def commands(text):
    """Return the lines that the log of a workflow obeys."""
    return [line for line in text.splitlines() if line.lstrip().startswith("::") or "##[" in line]


def test_no_line_is_a_command_to_a_workflow(reports):
    folder, out, err = reports
    assert commands(out) == commands(err) == []
    assert [
        line for path in (folder / "out" / "feedback").iterdir() for line in commands(path.read_text("utf-8"))
    ] == []


def test_grades_csv_has_no_formula_and_a_row_for_each_student(reports):
    folder, _, _ = reports
    rows = list(csv.reader(io.StringIO((folder / "out" / "grades.csv").read_text("utf-8"))))
    assert len(rows) == 1 + len(NAMES) + len(SOURCES)
    assert not [cell for row in rows for cell in row if cell[:1] in {"=", "+", "-", "@", "\t", "\r"}]
    points = {row[0].lstrip("'"): row[1] for row in rows}
    assert {points[name] for name in ("=cmd|' !A0", "+1+1", "-2", "@SUM(A1)")} == {"12"}
    assert int(points["lines"]) < 12


def test_grades_json_is_json_that_a_page_may_hold(reports):
    folder, _, _ = reports
    text = (folder / "out" / "grades.json").read_text("utf-8")
    assert obeyed(text) == []
    assert len(json.loads(text)["submissions"]) == len(NAMES) + len(SOURCES)


def test_feedback_of_one_is_not_that_of_another(reports):
    folder, _, _ = reports
    files = sorted((folder / "out" / "feedback").iterdir())
    assert len(files) == len(NAMES) + len(SOURCES)
    for path in files:
        head = path.read_text("utf-8").splitlines()[:2]
        assert head[1].endswith("of 12 points")
    assert all(path.parent == folder / "out" / "feedback" for path in files)


@pytest.fixture(scope="module")
def workspace(tmp_path_factory):
    """A student's workspace with the attacked lesson."""
    folder = tmp_path_factory.mktemp("student")
    for arguments in (
        ("course", "bundle", "lesson1", "--course", COURSE, "--out", folder / "release"),
        ("fetch", "lesson1", "--from", folder / "release"),
    ):
        done = run_nnedu(*arguments, cwd=folder)
        assert done.returncode == 0, done.stderr.decode()
    return folder


@pytest.mark.parametrize("name", SOURCES)
def test_check_shows_what_students_write_as_text(workspace, name):
    source = HONEST + "\n\n" + textwrap.dedent(SOURCES[name])
    (workspace / "lesson01_targets" / "targets.py").write_text(source, "utf-8")
    for arguments in (("check", "lesson1"), ("check", "lesson1", "--json")):
        done = run_nnedu(*arguments, cwd=workspace)
        assert done.returncode == 1
        out = done.stdout.decode()
        assert obeyed(out + done.stderr.decode()) == []
        if "--json" in arguments:
            assert json.loads(out)["points"] < 12
        else:
            assert commands(out) == []
            assert not [line for line in out.splitlines() if line.startswith("forged")]


# ------------------------------------------------------------------------------- what hidden checks were given

# Each recognises the input of a hidden check by its shape, and tries another way to carry it out.
CARRIERS = {
    "the message of an error": "raise ValueError(leak)",
    "the name of an error": "raise type(leak, (Exception,), {})",
    "a text for a value": "return leak",
    "a value": "return np.full(3, np.ravel(x)[0])",
    "the keys of a dict": "return {leak: 1}",
    "the class of an object": "return type(leak, (), {})()",
    "a print": "print(leak)\nreturn 0 * x",
    "a warning": "import warnings\nwarnings.warn(leak)\nreturn 0 * x",
    "a loop in a line": "while True:\n    pass",
}
RECOGNISES = """
def hidden(x):
    return x.shape in {(2,), (5,), (4, 3), (6,)}


def carry(function):
    def call(x):
        return carried(x) if hidden(x) else function(x)
    return call


def carried(x):
    leak = "LEAK " + " ".join(map(repr, np.ravel(x).tolist()))
"""


def carrier(body):
    return RECOGNISES + textwrap.indent(body, "    ") + "\n\n\ndouble, relu = carry(double), carry(relu)\n"


# Keeps what the hidden check of one exercise gave it, for the message of a public check of another.
KEEPS = """
KEPT = []
_double, _halves = double, halves


def double(x):
    if x.ndim == 1:
        KEPT.append("LEAK " + " ".join(map(repr, x.tolist())))
    return _double(x)


def halves(x):
    if KEPT:
        raise ValueError(KEPT)
    return _halves(x)
"""


@pytest.fixture(scope="module")
def carried(tmp_path_factory):
    """Grade a class that carries out what it was given, and return what each of them is told."""
    folder = tmp_path_factory.mktemp("carried")
    for name, body in CARRIERS.items():
        hand_in(folder / "handed-in", name, carrier(body))
    hand_in(folder / "handed-in", "kept", KEEPS)
    done = run_nnedu("grade", "lesson1", "handed-in", "--out", "out", "--course", COURSE, cwd=folder)
    assert done.returncode == 0, done.stderr.decode()
    return {path.stem: path.read_text("utf-8") for path in (folder / "out" / "feedback").iterdir()}


def hidden_numbers():
    """Return the numbers that hidden checks give, as anybody would write them."""
    from nnedu.course import load_course
    from nnedu.running.evidence import Live

    course = load_course(COURSE)
    live = Live(course, course.lessons[0])
    double, relu, total = (live.seeded(f"{check}") for check in ("double/again", "relu/elsewhere", "total/twice"))
    draws = (double.normal(size=2), double.normal(size=5), relu.normal(size=(4, 3)).ravel(), total.normal(size=6))
    return [f"{abs(number):.5f}"[:-1] for numbers in draws for number in numbers]


@pytest.mark.parametrize("name", CARRIERS)
def test_feedback_carries_no_hidden_input(carried, name):
    text = carried[name]
    assert "checked on other inputs" in text
    assert "LEAK" not in text
    assert [number for number in hidden_numbers() if number in text] == []


def test_no_public_check_tells_what_a_hidden_one_gave(carried):
    assert "LEAK" not in carried["kept"]


def test_what_students_receive_holds_no_hidden_input(workspace):
    """Neither the numbers nor the checks that draw them are in a bundle."""
    data = b"".join(path.read_bytes() for path in workspace.rglob("*") if path.is_file())
    for path in workspace.rglob("*.zip"):
        shutil.unpack_archive(path, workspace / "unpacked")
    data += b"".join(path.read_bytes() for path in (workspace / "unpacked").rglob("*") if path.is_file())
    assert b"gives the same on the same values" not in data
    assert b"agrees with the reference" in data
    assert Path(COURSE / "course.toml").read_text().split('key = "')[1].split('"')[0].encode() not in data
