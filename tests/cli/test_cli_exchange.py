"""The instructor's loop with the real commands: release, fetch, submit, collect, grade, export."""

import csv
import json
import shutil
import zipfile

import pytest
from cli_class import TINY, copy_course
from cli_run import nnedu, unfit

LESSON = "lesson01_lines"
ROSTER = (
    "login,name,email,number\n"
    "ada,Ada Lovelace,ada@example.edu,s1042\n"
    "bob,Béla Bob,bob@example.edu,s1043\n"
    "cleo,Cleo Ka,cleo@example.edu,=1044\n"
    "dan,Dan Late,,\n"
)
CANVAS = (
    "\ufeffStudent,ID,SIS User ID,SIS Login ID,Section,Straight lines (4821)\r\n"
    "    Points Possible,,,,,36\r\n"
    '"Lovelace, Ada",9001,s1042,ada,S,\r\n'
    '"Bob, Béla",9002,s1043,bob,S,1\r\n'
    '"Ka, Cleo",9003,,cleo,S,EX\r\n'
    '"Stranger, Eve",9004,,eve,S,2\r\n'
)
WORKSHEET = (
    "Identifier,Full name,ID number,Email address,Status,Grade,Maximum Grade,Grade can be changed,Feedback comments\n"
    "Participant 501,Ada Lovelace,s1042,ada@example.edu,x,,100.00,Yes,\n"
    "Participant 502,Bob Béla,,,x,,100.00,Yes,my own words\n"
    "Participant 509,Nobody Known,,,x,,100.00,Yes,\n"
)


def solution():
    return (TINY / "solutions" / LESSON / "lines.py").read_text("utf-8")


@pytest.fixture(scope="module")
def _handed_in(tmp_path_factory):
    """A class after the first day: Ada has it right, Bob took two hints and half of it, Zed is not on the roster."""
    place = tmp_path_factory.mktemp("loop")
    course = copy_course(place / "course")
    path = course / "course.toml"
    text = path.read_text("utf-8").replace('title = "Straight lines"', 'title = "Straight lines"\ndue = 2099-01-01')
    path.write_text(text + '\n[policy]\nattempts = "best"\nhint_percent = 10\n', "utf-8")
    (place / "roster.csv").write_text(ROSTER, "utf-8")
    assert nnedu("roster", place / "roster.csv", "--yes", cwd=course).code == 0
    released = nnedu("release", "lesson1", cwd=course)
    assert released.code == 0, released.err
    for student in ("ada", "bob", "zed"):
        folder = place / student
        folder.mkdir()
        assert nnedu("fetch", "lesson1", "--from", course / "exchange", cwd=folder).code == 0
        if student == "bob":
            assert nnedu("hint", "lesson1/line", cwd=folder).code == 0
            assert nnedu("hint", "lesson1/line", cwd=folder).code == 0
        if student != "zed":
            (folder / LESSON / "lines.py").write_text(solution(), "utf-8")
        done = nnedu("submit", "lesson1", "--to", course / "exchange", "--as", student, cwd=folder)
        assert done.code == 0, done.err
    return place


@pytest.fixture
def place(_handed_in, tmp_path):
    """A copy of that class."""
    return shutil.copytree(_handed_in, tmp_path / "class")


@pytest.fixture(scope="module")
def _graded(_handed_in, tmp_path_factory):
    place = shutil.copytree(_handed_in, tmp_path_factory.mktemp("graded") / "class")
    assert nnedu("collect", "lesson1", cwd=place / "course").code == 0
    assert nnedu("grade", "lesson1", cwd=place / "course").code == 0
    return place


@pytest.fixture
def graded(_graded, tmp_path):
    """A copy of that class, collected and graded."""
    return shutil.copytree(_graded, tmp_path / "graded")


def test_release_says_what_students_type(place):
    course = place / "course"
    again = nnedu("release", "lesson1", "--zip", place / "lms.zip", cwd=course)
    assert again.out.startswith(f"unchanged: {course / 'exchange' / 'release' / LESSON}.zip")
    assert "nnedu fetch lesson1 --from lms.zip" in again.out
    assert nnedu("fetch", "lesson1", "--from", "lms.zip", cwd=place).code == 0
    typed = nnedu("release", "lesson1", cwd=course).out
    assert f"  nnedu fetch lesson1 --from {course / 'exchange'}\n" in typed
    assert f"  nnedu submit lesson1 --to {course / 'exchange'}\n" in typed


def test_collect_takes_in_each_attempt_once(place):
    course = place / "course"
    first = nnedu("collect", "lesson1", cwd=course)
    assert first.code == 0, first.err
    assert "3 new, 0 already there" in first.out
    assert "3 from the submission itself" in first.out
    assert "  zed: nobody on the roster" in first.out
    assert "missing: 2 (handed in nothing so far)\n  Cleo Ka\n  Dan Late\n" in first.out
    assert first.last_line == "next: nnedu grade lesson1"
    assert "0 new, 3 already there" in nnedu("collect", "lesson1", cwd=course).out


def test_collect_takes_a_download(place):
    with zipfile.ZipFile(place / "moodle.zip", "w") as archive:
        archive.writestr("Cleo Ka_501_assignsubmission_file_/lines.py", solution())
        archive.writestr("Eve\x1b[2J_502_assignsubmission_file_/lines.py", "")
        archive.writestr("Dan Late_503_assignsubmission_file_work.zip", b"PK")
    done = nnedu("collect", "lesson1", place / "moodle.zip", cwd=place / "course")
    assert f"{place / 'moodle.zip'}: a download of Moodle, 3 students" in done.out
    assert "dan: work.zip: The zip is damaged" in done.out
    assert "  Ada Lovelace\n  Béla Bob\n" in done.out
    assert unfit(done.out) == []
    refused = nnedu("collect", "lesson1", place / "roster.csv", cwd=place / "course")
    assert (refused.code, refused.out) == (2, "")
    assert "neither a folder nor a zip" in refused.err


def test_nothing_to_collect_says_what_to_do(tmp_path):
    done = nnedu("collect", "lesson1", cwd=copy_course(tmp_path / "course"))
    assert done.code == 2
    assert "nnedu release" in done.err


def test_hints_cost_what_the_policy_says(graded):
    explained = nnedu("report", "lesson1", "--explain", "bob", cwd=graded / "course")
    assert "-1.40  2 hints on line, 20 % of its points" in explained.out
    assert "16.60  of 18.00, on time" in explained.out


def test_export_canvas(graded):
    (graded / "canvas.csv").write_bytes(CANVAS.encode())
    done = nnedu(
        "export", "canvas", "lesson1", "--template", "../canvas.csv", "--out", "../up.csv", cwd=graded / "course"
    )
    assert done.code == 0, done.err
    assert (graded / "up.csv").read_bytes() == CANVAS.replace("ada,S,", "ada,S,36").replace(
        "bob,S,1", "bob,S,33.2"
    ).encode()
    assert "2 written, 0 as they were, 3 not matched" in done.out
    assert "of 36 points there and of 18 here, so marks were scaled" in done.out
    with (graded / "up.not-matched.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [(row["found in"], row["login"], row["why"]) for row in rows] == [
        ("the file", "eve", "nobody in the gradebook"),
        ("the gradebook", "dan", "not in the file"),
        ("the gradebook", "zed", "not in the file"),
    ]
    again = nnedu("export", "canvas", "lesson1", "--template", "../up.csv", "--out", "../up.csv", cwd=graded / "course")
    assert "0 written, 2 as they were" in again.out


def test_export_canvas_adds_a_column_only_where_it_is_asked_for(graded):
    course = graded / "course"
    (graded / "canvas.csv").write_bytes(CANVAS.encode())
    options = ("export", "canvas", "lesson1", "--template", "../canvas.csv", "--column", "Lines", "--out", "../up.csv")
    refused = nnedu(*options, cwd=course)
    assert (refused.code, (graded / "up.csv").exists()) == (2, False)
    assert "no column 'Lines'" in refused.err
    assert "--new-column" in refused.err
    assert nnedu(*options, "--new-column", cwd=course).code == 0
    with (graded / "up.csv").open(encoding="utf-8-sig", newline="") as file:
        assert [row[6] for row in csv.reader(file)] == ["Lines", "18", "18", "16.6", "", ""]
    wrong = nnedu(*options, "--column", "Quiz", cwd=course)
    assert "once for each lesson" in wrong.err


def test_export_moodle_fills_a_worksheet(graded):
    (graded / "work.csv").write_text(WORKSHEET, "utf-8")
    done = nnedu(
        "export", "moodle", "lesson1", "--template", "../work.csv", "--out", "../up.csv", cwd=graded / "course"
    )
    assert done.code == 0, done.err
    with (graded / "up.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["Grade"] for row in rows] == ["100", "92.22", ""]
    assert rows[0]["Feedback comments"].startswith("nnedu: 18 of 18, on time; line 7/7; ")
    assert rows[1]["Feedback comments"] == "my own words"
    assert (
        nnedu("export", "moodle", "1", "2", "--template", "../work.csv", "--out", "x", cwd=graded / "course").code == 2
    )


def test_export_moodle_makes_an_import_without_anybody_whom_moodle_may_not_know(graded):
    done = nnedu("export", "moodle", "lesson1", "--out", "../in.csv", cwd=graded / "course")
    assert done.code == 0, done.err
    with (graded / "in.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))
    assert [row[:3] for row in rows] == [
        ["Email address", "ID number", "Straight lines"],
        ["ada@example.edu", "s1042", "18"],
        ["bob@example.edu", "s1043", "16.6"],
    ]
    beside = (graded / "in.not-matched.csv").read_text("utf-8")
    assert "cleo,Cleo Ka,cleo@example.edu,'=1044\n" in beside
    assert "no e-mail address and no number" in beside
    (graded / "grades.csv").write_text("Username,Email address\nada,ADA@example.edu\neve,eve@example.edu\n", "utf-8")
    done = nnedu(
        "export", "moodle", "lesson1", "--template", "../grades.csv", "--out", "../in.csv", cwd=graded / "course"
    )
    with (graded / "in.csv").open(encoding="utf-8", newline="") as file:
        assert [row[:3] for row in csv.reader(file)][1:] == [["ada", "ADA@example.edu", "18"]]
    assert "the file,nobody in the gradebook,eve,,eve@example.edu,\n" in (graded / "in.not-matched.csv").read_text(
        "utf-8"
    )


def test_export_csv_and_json_hold_every_mark(graded):
    course = graded / "course"
    assert nnedu("export", "csv", "--out", "../all.csv", cwd=course).code == 0
    assert nnedu("export", "json", "lesson1", "--out", "../all.json", cwd=course).code == 0
    with (graded / "all.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    marks = {(row["login"], row["lesson"]): (row["state"], row["points"]) for row in rows}
    assert marks["ada", LESSON] == ("on time", "18.0")
    assert marks["bob", LESSON] == ("on time", "16.6")
    assert marks["cleo", LESSON] == ("not due yet", "")
    assert marks["zed", LESSON] == ("on time", "0.0")
    assert [row["number"] for row in rows if row["login"] == "cleo"] == ["'=1044", "'=1044"]
    data = json.loads((graded / "all.json").read_text("utf-8"))
    assert [(row["login"], row["points"], row["percent"]) for row in data][:3] == [
        ("ada", 18.0, 100.0),
        ("bob", 16.6, 92.22),
        ("cleo", None, None),
    ]


@pytest.mark.parametrize(
    "options", [("--template", "gone.csv", "--out", "x.csv"), ("--template", "../roster.csv", "--out", "x.csv")]
)
def test_a_template_that_is_none_is_refused(graded, options):
    done = nnedu("export", "canvas", "lesson1", *options, cwd=graded / "course")
    assert (done.code, done.out) == (2, "")
    assert "Traceback" not in done.err
    assert not (graded / "course" / "x.csv").exists()
