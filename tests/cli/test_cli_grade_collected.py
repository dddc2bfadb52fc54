"""`nnedu grade LESSON`: the attempts of the gradebook, each graded once, whatever ends the command."""

import os
import signal
import subprocess
import sys

import pytest
from cli_class import LESSON, MEAN, RIGHT, STUB, copy_course, gradebook, hand_in
from cli_run import nnedu

ENDLESS = RIGHT.replace(
    "    return", "    n = 0\n    while n < 9:\n        n = n + 1\n        n = n * 0\n    return", 1
)


@pytest.fixture
def course(tmp_path):
    """A course that loses patience after half a second."""
    place = copy_course(tmp_path / "course")
    text = (place / "course.toml").read_text("utf-8")
    (place / "course.toml").write_text(text.replace("call_seconds = 5.0", "call_seconds = 0.5"), "utf-8")
    return place


def written(course, name="grades.csv", place=f"classroom/grades-{LESSON}"):
    return (course / place / name).read_text("utf-8")


def test_what_was_collected_is_graded_into_the_gradebook(course):
    hand_in(course, ("ada", STUB), ("ben", MEAN), ("ada", RIGHT), ("eve", b"no zip"))
    hand_in(course, ("cat", RIGHT), problem="It is a submission of lesson01_lines.")
    ran = nnedu("grade", "sums", cwd=course)
    assert ran.code == 0, ran
    assert ran.err.count("graded ada: ") == 2
    assert ran.last_line.startswith(
        "5 submissions of 4 students graded. Written, of each the latest: classroom/grades-"
    )
    assert [row.split(",")[:4] for row in written(course).splitlines()[1:]] == [
        ["ada", "5", "5", "2"],
        ["ben", "3", "5", "0"],
        ["cat", "0", "5", "0"],
        ["eve", "0", "5", "0"],
    ]
    assert "lesson01_lines" in written(course, "feedback/cat.txt")
    assert "The zip is damaged" in written(course, "feedback/eve.txt")
    with gradebook(course) as book:
        [run] = book.runs()
        scored = {(one.attempt.student, one.attempt.submitted_at.hour): one.outcome for one in book.scored()}
        said = book.outcome(2).exercises[0].first_failure.message
    assert {key: outcome.points for key, outcome in scored.items()} == {
        ("ada", 12): 0,
        ("ben", 13): 3,
        ("ada", 14): 5,
        ("eve", 15): 0,
        ("cat", 12): 0,
    }
    assert "times too" in said or "expected" in said.lower()
    assert (run.lesson, run.by) == (LESSON, "sam")
    assert run.ended is not None
    assert (run.used.course, run.used.course_version) == ("Lines and sums", "1.0")
    assert run.used.engine.startswith("nnedu ")
    [layers] = run.used.sandbox
    assert "seccomp" in layers


def test_nothing_is_graded_twice_and_what_is_new_is(course):
    hand_in(course, ("ada", MEAN), ("ben", RIGHT))
    assert nnedu("grade", "sums", cwd=course).code == 0
    before = written(course)
    again = nnedu("grade", "sums", cwd=course)
    assert (again.code, again.err) == (0, "")
    assert "2 submissions of 2 students graded (2 of them in an earlier run)." in again.last_line
    assert written(course) == before
    with gradebook(course) as book:
        assert len(book.runs()) == 1
    hand_in(course, ("ada", MEAN), ("ben", RIGHT), ("cat", RIGHT))
    more = nnedu("grade", "sums", cwd=course)
    assert more.err == "graded cat: 5/5\n"
    with gradebook(course) as book:
        assert [len(book.results(run.id)) for run in book.runs()] == [2, 1]
    (course / "graders" / LESSON / "README.md").write_text("another version")
    assert nnedu("grade", "sums", cwd=course).err.count("graded ") == 3
    assert nnedu("grade", "sums", "--regrade", cwd=course).err.count("graded ") == 3
    with gradebook(course) as book:
        assert [len(book.results(run.id)) for run in book.runs()] == [2, 1, 3, 3]


def test_it_may_be_written_elsewhere_and_printed_for_programs(course, tmp_path):
    hand_in(course, ("ada", RIGHT))
    ran = nnedu("grade", "sums", "--out", tmp_path / "out", "--json", "--course", course, cwd=tmp_path)
    assert ran.code == 0
    assert ran.json["submissions"][0]["points"] == 5
    assert (tmp_path / "out" / "feedback" / "ada.txt").is_file()
    assert not (course / "classroom" / f"grades-{LESSON}").exists()


def test_without_submissions_it_is_said_where_they_come_from(course):
    ran = nnedu("grade", "sums", cwd=course)
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.splitlines() == [
        f"The gradebook holds no submissions of {LESSON}.",
        f"Take them in with nnedu collect {LESSON}, or name the folder they are in.",
    ]


def test_a_folder_needs_no_gradebook(course, tmp_path):
    """Nor what it is made with."""
    (tmp_path / "sqlalchemy").mkdir()
    (tmp_path / "sqlalchemy" / "__init__.py").write_text("raise ImportError(name='sqlalchemy')\n")
    (tmp_path / "in" / "ada").mkdir(parents=True)
    (tmp_path / "in" / "ada" / "sums.py").write_text(RIGHT, "utf-8")
    ran = nnedu("grade", "sums", tmp_path / "in", cwd=course, PYTHONPATH=str(tmp_path))
    assert ran.code == 0, ran
    assert not (course / "classroom").exists()
    ran = nnedu("grade", "sums", cwd=course, PYTHONPATH=str(tmp_path))
    assert (ran.code, ran.err.splitlines()[-1]) == (2, "Install it: pip install 'nnedu[classroom]'")


FAULT = '''
    @points(1)
    def test_short(self, student):
        """has a short name"""
        assert {3: True, 4: False}[len(str(student.total([])))]


@exercise("answers", sealed=True)
'''


def test_a_fault_of_the_course_is_for_a_person_and_tried_again(course):
    path = course / "graders" / LESSON / "test_sums.py"
    text = path.read_text("utf-8")
    path.write_text(text.replace('\n\n@exercise("answers", sealed=True)\n', FAULT), "utf-8")
    odd = RIGHT.replace("return float(np.sum(values))", "return float(np.sum(values)) or 17.25")
    hand_in(course, ("ada", RIGHT), ("ben", odd))
    for again in (1, 2):
        ran = nnedu("grade", "sums", cwd=course)
        assert ran.code == 3
        assert "Look by hand at: ben\n" in ran.out
        with gradebook(course) as book:
            assert len(book.runs()) == again
    ran = nnedu("regrade", "sums", cwd=course)
    assert (ran.code, ran.out) == (3, "No mark moved: 2 attempts graded anew.\n")
    assert "Look by hand at: ben" in ran.err


@pytest.mark.parametrize("lines", [1, 3])
def test_kill_9_costs_nothing(course, lines):
    """What was graded before is given back by the results at once, and the gradebook is whole."""
    hand_in(course, *((f"s{number}", f"{RIGHT}# {number}\n") for number in range(6)), ("slow", ENDLESS))
    command = [sys.executable, "-m", "nnedu", "grade", "sums", "--workers", "1"]
    process = subprocess.Popen(
        command, cwd=course, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, start_new_session=True
    )
    for _ in range(lines):
        assert process.stderr.readline().startswith(b"graded s")
    os.kill(process.pid, signal.SIGKILL)
    process.communicate(timeout=60)
    kept = {path.name for path in (course / "classroom" / ".results").glob("[0-9a-f]*")}
    assert len(kept) >= lines
    times = {name: (course / "classroom" / ".results" / name).stat().st_mtime_ns for name in kept}
    ran = nnedu("grade", "sums", cwd=course)
    assert ran.code == 0
    assert {name: (course / "classroom" / ".results" / name).stat().st_mtime_ns for name in kept} == times
    assert len(written(course).splitlines()) == 8
    with gradebook(course) as book:
        assert sorted(run.ended is not None for run in book.runs()) == [False, True]
        assert len(book.scored()) == 7


def test_two_may_grade_at_once(course):
    hand_in(course, *((f"s{number}", f"{RIGHT}# {number}\n") for number in range(8)))
    command = [sys.executable, "-m", "nnedu", "grade", "sums", "--workers", "1"]
    both = [
        subprocess.Popen(
            [*command, "--out", f"out{number}"], cwd=course, stdout=subprocess.PIPE, stderr=subprocess.PIPE
        )
        for number in range(2)
    ]
    for number, one in enumerate(both):
        _, err = one.communicate(timeout=60)
        assert one.returncode == 0, err
        assert len(written(course, place=f"out{number}").splitlines()) == 9
    with gradebook(course) as book:
        assert [len(book.results(run.id)) for run in book.runs()] == [8, 8]
        assert all(run.ended for run in book.runs())


def test_the_students_of_a_class_see_nothing_hidden(course):
    hand_in(course, ("ada", RIGHT.replace('"first": "b"', '"first": "a"')))
    assert nnedu("grade", "sums", cwd=course).code == 0
    feedback = written(course, "feedback/ada.txt")
    assert "checked on other inputs" in feedback
    with gradebook(course) as book:
        hidden = [check for check in book.outcome(1).exercises[1].checks if check.hidden]
    assert hidden[0].message
    assert hidden[0].message not in feedback


def test_a_server_that_is_not_there_is_said(course):
    with (course / "course.toml").open("a", encoding="utf-8") as file:
        file.write('\n[classroom]\ngradebook = "postgresql://sam:secret@127.0.0.1:1/class"\n')
    ran = nnedu("grade", "sums", cwd=course)
    assert (ran.code, ran.out) == (2, "")
    assert "sam:***@127.0.0.1:1/class cannot be reached" in ran.err
    assert "secret" not in ran.err
    assert "Is the server running" in ran.err
