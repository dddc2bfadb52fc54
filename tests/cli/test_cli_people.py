"""The roster, and what an instructor decides about a student, with the real commands."""

from datetime import UTC, datetime

import pytest
from cli_class import LESSON, MEAN, RIGHT, copy_course, gradebook, hand_in
from cli_pty import typing
from cli_run import nnedu, unfit

from nnedu.classroom.records import Student

CSV = "login;name;section\nada;Ada Lovelace;B\nben;Ben;A\n"
NEXT = "login;name;section\nada;Ada King;B\ncat;Cat;A\n"
CHANGES = """new: 1 student
  cat  Cat, A
changed: 1 student
  ada  name: Ada Lovelace -> Ada King
no longer listed: 1 student
  ben  Ben, A
"""


@pytest.fixture
def course(tmp_path):
    return copy_course(tmp_path / "course")


@pytest.fixture
def enrolled(course):
    """A course with Ada and Ben on its roster."""
    (course / "students.csv").write_text(CSV, "utf-8")
    assert nnedu("roster", "students.csv", "--yes", cwd=course).code == 0
    return course


def students(course):
    with gradebook(course) as book:
        return book.students()


# The roster


def test_a_roster_is_taken_over_and_shown(course):
    assert "Nobody is on the roster" in nnedu("roster", cwd=course).out
    (course / "students.csv").write_text(CSV, "utf-8")
    ran = nnedu("roster", "students.csv", "--yes", cwd=course)
    assert (ran.code, ran.err) == (0, "")
    assert ran.last_line == "Written. 2 students on the roster."
    assert students(course) == [Student("ada", "Ada Lovelace", section="B"), Student("ben", "Ben", section="A")]
    shown = nnedu("roster", cwd=course)
    assert shown.out.splitlines() == [
        "login  name          section",
        "ada    Ada Lovelace  B",
        "ben    Ben           A",
        "",
        "2 students",
    ]


def test_without_a_terminal_nothing_is_written_before_it_is_said_so(enrolled):
    before = students(enrolled)
    (enrolled / "next.csv").write_text(NEXT, "utf-8")
    ran = nnedu("roster", "next.csv", cwd=enrolled, typed="y\n")
    assert (ran.code, ran.out) == (2, CHANGES)
    assert ran.err == "Nothing was written.\nTo write these changes: nnedu roster next.csv --yes\n"
    assert students(enrolled) == before
    assert nnedu("roster", "next.csv", "--yes", cwd=enrolled).code == 0
    assert students(enrolled) == [
        Student("ada", "Ada King", section="B"),
        Student("ben", "Ben", section="A", listed=False),
        Student("cat", "Cat", section="A"),
    ]
    again = nnedu("roster", "next.csv", cwd=enrolled)
    assert (again.code, again.out) == (0, "2 students in next.csv, and nothing changes.\n")
    assert "1 not listed" in nnedu("roster", cwd=enrolled).last_line


def test_nobody_who_was_taken_off_is_taken_off_again(enrolled):
    (enrolled / "next.csv").write_text(NEXT, "utf-8")
    assert nnedu("roster", "next.csv", "--yes", cwd=enrolled).code == 0
    assert "no longer listed" not in nnedu("roster", "next.csv", cwd=enrolled).out


@pytest.mark.parametrize(("answer", "written"), [("y", True), ("n", False), ("", False)])
def test_in_a_terminal_it_is_asked(enrolled, answer, written):
    (enrolled / "next.csv").write_text(NEXT, "utf-8")
    ran = typing("roster", "next.csv", cwd=enrolled, typed=[answer])
    assert ran.code == 0, ran
    assert CHANGES in ran.out
    assert ("Written. 2 students" if written else "Nothing was written.") in ran.last_line
    assert students(enrolled)[1].listed is not written


def test_a_wrong_file_is_said_with_its_lines_and_changes_nothing(course):
    (course / "students.csv").write_text("login,name\nada,Ada\n,Ben\n", "utf-8")
    ran = nnedu("roster", "students.csv", "--yes", cwd=course)
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.splitlines()[0] == "students.csv, line 3: there is no login."
    assert students(course) == []
    ran = nnedu("roster", "none.csv", cwd=course)
    assert (ran.code, ran.err.splitlines()[0]) == (2, "none.csv cannot be read: No such file or directory.")


def test_what_stands_in_a_roster_is_no_command_to_a_terminal(course):
    (course / "students.csv").write_text("login,name\nada,A\x1b]0;x\x07da\u202e\n", "utf-8")
    ran = nnedu("roster", "students.csv", "--yes", cwd=course)
    assert ran.code == 0
    assert unfit(ran.out) == []
    assert unfit(nnedu("roster", cwd=course).out) == []


def test_a_large_roster_is_not_a_screenful(course):
    (course / "students.csv").write_text("login\n" + "".join(f"s{number:03}\n" for number in range(300)), "utf-8")
    ran = nnedu("roster", "students.csv", cwd=course)
    assert ran.out.count("\n") < 30
    assert "new: 300 students" in ran.out
    assert "... and 280 more" in ran.out


def test_there_has_to_be_a_course(tmp_path):
    ran = nnedu("roster", cwd=tmp_path)
    assert (ran.code, ran.out) == (2, "")
    assert "There is no course here" in ran.err


# Marks, comments, extensions


def test_a_mark_is_set_by_hand_and_taken_back(enrolled):
    began = datetime.now(UTC)
    for arguments, by in (
        (["ada", "sums/total", "1.5", "--why", "in float32"], {"NNEDU_BY": "kim"}),
        (["ada", "sums", "4", "--why", "oral"], {}),
        (["ada", "2/total", "--take-back", "--why", "was for ben"], {"NNEDU_BY": " "}),
    ):
        ran = nnedu("override", *arguments, cwd=enrolled, **by)
        assert (ran.code, ran.err) == (0, ""), ran
        assert ran.last_line == f"How the mark comes to be: nnedu report {LESSON} --explain ada"
    with gradebook(enrolled) as book:
        found = book.overrides()
    assert [(one.student, one.lesson, one.exercise, one.points, one.why, one.by) for one in found] == [
        ("ada", LESSON, "total", 1.5, "in float32", "kim"),
        ("ada", LESSON, "", 4.0, "oral", "sam"),
        ("ada", LESSON, "total", None, "was for ben", "sam"),
    ]
    assert began <= found[0].at <= found[1].at <= found[2].at <= datetime.now(UTC)
    ran = nnedu("override", "ada", "sums/total", "--take-back", "--why", "x", cwd=enrolled)
    assert (ran.code, ran.err.splitlines()[0]) == (2, f"No mark of ada in {LESSON}/total was set by hand.")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["override", "adda", "sums", "3", "--why", "x"], "knows no student 'adda'.\nDid you mean ada?"),
        (
            ["override", "Ada Lovelace", "sums", "3", "--why", "x"],
            "Did you mean ada? Students are named by their logins.",
        ),
        (["override", "zzzzz", "sums", "3", "--why", "x"], "Who it knows is listed by nnedu roster."),
        (["override", "ada", "summs", "3", "--why", "x"], "There is no lesson 'summs'.\nDid you mean sums?"),
        (["override", "ada", "sums/totl", "3", "--why", "x"], f"{LESSON} has no exercise 'totl'.\nDid you mean total?"),
        (["override", "ada", "sums", "--why", "x"], "set to POINTS, or taken back"),
        (["override", "ada", "sums", "3", "--take-back", "--why", "x"], "set to POINTS, or taken back"),
        (["override", "ada", "sums", "nan", "--why", "x"], "nan cannot be a mark"),
        (["override", "ada", "sums", "inf", "--why", "x"], "inf cannot be a mark"),
        (["override", "--why", "x", "--", "ada", "sums", "-1"], "-1.0 cannot be a mark"),
        (["override", "ada", "sums", "3"], "Missing option '--why'"),
        (["override", "ada", "sums", "3", "--why", " "], "There is no text."),
        (["comment", "ada", "sums/totl", "x"], "Did you mean total?"),
        (["comment", "eve", "sums", "x"], "knows no student 'eve'"),
        (["comment", "ada", "sums", "\n"], "There is no text."),
        (["extend", "ada", "sums", "soon", "--why", "x"], "'soon' is no date.\nWrite it as 2026-12-01"),
        (["extend", "ada", "sums", "2026-02-30", "--why", "x"], "'2026-02-30' is no date."),
        (["extend", "ada", "sums", "0026-12-01", "--why", "x"], "'0026-12-01' is in the year 26."),
        (
            ["extend", "ada", "sums", "+2d", "--why", "x"],
            "has no due date in course.toml, so there is nothing that +2d",
        ),
        (["extend", "adda", "sums", "2026-12-01", "--why", "x"], "Did you mean ada?"),
    ],
)
def test_what_cannot_be_decided_is_said_and_nothing_is_written(enrolled, arguments, said):
    ran = nnedu(*arguments, cwd=enrolled)
    assert (ran.code, ran.out) == (2, "")
    assert said in ran.err
    with gradebook(enrolled) as book:
        assert [*book.overrides(), *book.comments(), *book.extensions()] == []


def test_a_comment_is_kept_as_it_was_written(enrolled):
    text = "Look at the shapes,\nthen at the values."
    ran = nnedu("comment", "ada", "sums/answers", f"  {text} ", cwd=enrolled)
    assert (ran.code, ran.err) == (0, "")
    assert ran.out.splitlines() == [
        f"ada, {LESSON}/answers: the comment is kept.",
        f"It stands on the student's page: nnedu report {LESSON} --students FOLDER",
    ]
    with gradebook(enrolled) as book:
        [one] = book.comments()
    assert (one.student, one.lesson, one.exercise, one.text, one.by) == ("ada", LESSON, "answers", text, "sam")


@pytest.mark.parametrize(
    ("said", "until", "shown"),
    [
        ("2026-12-01", datetime(2026, 12, 1, 22, 59, 59, tzinfo=UTC), "Tuesday, 2026-12-01 23:59:59 (Europe/Berlin)"),
        ("2026-07-01T18:00", datetime(2026, 7, 1, 16, tzinfo=UTC), "Wednesday, 2026-07-01 18:00:00 (Europe/Berlin)"),
        ("2026-07-01T18:00+00:00", datetime(2026, 7, 1, 18, tzinfo=UTC), "2026-07-01 20:00:00 (Europe/Berlin)"),
        ("+36h", datetime(2026, 10, 25, 22, tzinfo=UTC), "2026-10-25 23:00:00 (Europe/Berlin)"),
        ("+2d", datetime(2026, 10, 26, 11, tzinfo=UTC), "2026-10-26 12:00:00 (Europe/Berlin)"),
        ("+1w", datetime(2026, 10, 31, 11, tzinfo=UTC), "2026-10-31 12:00:00 (Europe/Berlin)"),
    ],
)
def test_an_extension_is_meant_in_the_time_zone_of_the_course(enrolled, said, until, shown):
    """Due on the day before the clocks go back: two days later is the same time of day."""
    path = enrolled / "course.toml"
    text = path.read_text("utf-8") + 'due = 2026-10-24T12:00:00\n[policy]\ntimezone = "Europe/Berlin"\n'
    path.write_text(text, "utf-8")
    ran = nnedu("extend", "ada", "sums", said, "--why", "ill", cwd=enrolled)
    assert (ran.code, ran.err) == (0, "")
    assert shown in ran.out
    with gradebook(enrolled) as book:
        [one] = book.extensions()
    assert (one.student, one.lesson, one.until, one.why, one.by) == ("ada", LESSON, until, "ill", "sam")


def test_an_extension_of_what_is_never_due_is_kept_and_said(enrolled):
    ran = nnedu("extend", "ada", "sums", "2026-12-01", "--why", "ill", cwd=enrolled)
    assert ran.code == 0
    assert "has no due date in course.toml" in ran.last_line


def test_who_only_handed_in_can_be_decided_about(course):
    hand_in(course, ("eve", RIGHT))
    assert nnedu("comment", "eve", "sums", "Who are you?", cwd=course).code == 0


# Grading anew


def test_a_new_run_shows_whose_mark_moves_and_by_which_check(course):
    hand_in(course, ("ada", MEAN), ("ben", RIGHT), ("ada", RIGHT), ("eve", b"no zip"), ("cat", MEAN))
    assert nnedu("grade", "sums", cwd=course).code == 0
    still = nnedu("regrade", "sums", cwd=course)
    assert (still.code, still.out) == (0, "No mark moved: 5 attempts graded anew.\n")
    (course / "solutions" / LESSON / "sums.py").write_text(MEAN, "utf-8")
    ran = nnedu("regrade", "sums", cwd=course)
    assert ran.code == 0, ran
    assert ran.out.splitlines() == [
        "ada (attempt of 2026-11-02 12:00:00 UTC)  3/5 -> 5/5  +2",
        "    total/sum: failed 0/2 -> passed 2/2",
        "ada (attempt of 2026-11-02 14:00:00 UTC)  5/5 -> 3/5  -2",
        "    total/sum: passed 2/2 -> failed 0/2",
        "ben  5/5 -> 3/5  -2",
        "    total/sum: passed 2/2 -> failed 0/2",
        "cat  3/5 -> 5/5  +2",
        "    total/sum: failed 0/2 -> passed 2/2",
    ]
    rows = (course / "classroom" / f"grades-{LESSON}" / "grades.csv").read_text("utf-8").splitlines()
    assert [row.split(",")[:2] for row in rows[1:]] == [["ada", "3"], ["ben", "3"], ["cat", "5"], ["eve", "0"]]
    (course / "solutions" / LESSON / "sums.py").write_text(RIGHT, "utf-8")
    back = nnedu("regrade", "sums", "--json", cwd=course).json
    assert (back["lesson"], back["run"], len(back["moved"])) == (LESSON, 4, 4)
    assert back["moved"][2] == {
        "student": "ben",
        "attempt": 2,
        "submitted_at": "2026-11-02T13:00:00Z",
        "before": {"points": 3, "max_points": 5},
        "after": {"points": 5, "max_points": 5},
        "checks": [
            {
                "exercise": "total",
                "check": "sum",
                "before": {"state": "failed", "points": 0, "max_points": 2},
                "after": {"state": "passed", "points": 2, "max_points": 2},
            }
        ],
    }
    with gradebook(course) as book:
        assert [(run.by, run.ended is not None) for run in book.runs()] == [("sam", True)] * 4
        assert [book.outcome(2, run.id).points for run in book.runs()] == [5, 5, 3, 5]


def test_there_has_to_be_something_to_grade_anew(course):
    ran = nnedu("regrade", "sums", cwd=course)
    assert (ran.code, ran.out) == (2, "")
    assert f"The gradebook holds no submissions of {LESSON}." in ran.err
    assert "nnedu collect" in ran.err
