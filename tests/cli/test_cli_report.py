"""`nnedu report`: a class that was really graded, as text, page, table, JSON, and for each student."""

import csv
import io
import json
import re
from datetime import UTC, datetime, timedelta

import pytest
from cli_class import LESSON, MEAN, RIGHT, STUB, copy_course, gradebook, hand_in, zipped
from cli_run import ROOT, nnedu, unfit

from nnedu.classroom.archive import make_archive
from nnedu.classroom.records import Comment, Extension, Override, Student

POLICY = """
[policy]
timezone = "Europe/Berlin"
late_percent = 10.0
"""
FIRST = "lesson01_lines"
DUE = datetime(2025, 3, 1, 12, tzinfo=UTC)
ROSTER = {
    "ada": "Ada Lovelace",
    "ben": "Ben Okri",
    "cat": "Cat </script><script>alert(1)</script>",
    "dan/../../x": "\x1b[31mDan\x1b[0m\u202e",
    "eve": "=1+1",
    "fay": "Fay Weldon",
}
SHARED = """
def total(values):
    # a way of its own, which two students have word by word
    running = 0.0
    backwards = list(values)[::-1]
    for position, value in enumerate(backwards):
        if position % 2 == 0 and value == value:
            running = running + float(value) * 2.0 - float(value)
        elif position % 2 == 1 and value == value:
            running = running - float(value) + 2.0 * float(value)
        else:
            raise ValueError("not a number at " + str(position))
    halves = [running / 2.0, running / 2.0]
    leftovers = sum(halves) - running
    return halves[0] + halves[1] - leftovers


def answers():
    return {"first": "b", "second": "a"}
"""
GRID = '''
    @points(3)
    def test_rows(self, student, reference):
        """agrees row by row"""
        grid = np.arange(24.0).reshape(4, 3, 2)
        ours = np.array([[student.total(pair) for pair in row] for row in grid])
        theirs = np.array([[reference.total(pair) for pair in row] for row in grid])
        assert_close(ours, theirs, name="totals")

    @hidden
    @points(1)
    def test_secret(self, student):
        """agrees far away"""
        assert_close(np.array([student.total(np.array([1234.5, 1.0])), 1.0]), np.array([1235.5, 1.0]), name="totals")


@exercise("answers", sealed=True)'''


def wrong_in_one_place(text):
    return text.replace("return float(np.sum(values))", "return float(np.sum(values)) + float(values[0] == 6.0)")


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    """The tiny course with a due date, a policy, a check on a matrix and a hidden one, and a class that was graded."""
    folder = copy_course(tmp_path_factory.mktemp("class") / "course")
    settings = (folder / "course.toml").read_text("utf-8")
    settings = settings.replace('modules = ["sums"]', 'modules = ["sums"]\ndue = 2025-03-01T13:00:00')
    settings = settings.replace('modules = ["lines"]', 'modules = ["lines"]\ndue = 2025-02-01T13:00:00')
    (folder / "course.toml").write_text(settings + POLICY, "utf-8")
    grader = folder / "graders" / LESSON / "test_sums.py"
    grader.write_text(grader.read_text("utf-8").replace('\n@exercise("answers", sealed=True)', GRID), "utf-8")
    with gradebook(folder) as book:
        book.enrol([Student(login, name, section="A") for login, name in ROSTER.items()], "kim")
        works = [
            ("ada", RIGHT, -30.0),
            ("ben", MEAN, -2.0),
            ("ben", MEAN + "\n# second\n", 5.0),
            ("cat", wrong_in_one_place(RIGHT), -1.0),
            ("dan/../../x", SHARED, -50.0),
            ("eve", SHARED.replace("running", "summed").replace("# a way", "#  another way"), -40.0),
            ("gus", STUB, -1.0),
        ]
        for student, text, hours in works:
            at = DUE + timedelta(hours=hours)
            book.add_attempt(student=student, lesson=LESSON, data=zipped(text), submitted_at=at, received_at=at)
        lines = make_archive({"lines.py": (folder / "solutions" / FIRST / "lines.py").read_bytes()})
        at = DUE - timedelta(days=40)
        for student in ("ada", "ben", "gus"):
            book.add_attempt(student=student, lesson=FIRST, data=lines, submitted_at=at, received_at=at)
        at = datetime(2025, 3, 3, tzinfo=UTC)
        book.comment(Comment("ben", LESSON, "total", "Sum, not mean.\n<b>See me</b>", "kim", at))
        book.override(Override("cat", LESSON, "total", 4.5, "nearly", "kim", at))
        book.extend(Extension("fay", LESSON, DUE + timedelta(days=1), "ill", "kim", at))
    for lesson in (FIRST, LESSON):
        assert nnedu("grade", lesson, "--course", folder, cwd=folder).code == 0
    return folder


@pytest.fixture
def report(course, tmp_path):
    def run(*arguments):
        return nnedu("report", *arguments, "--course", course, cwd=tmp_path)

    return run


def test_the_summary_of_a_lesson(report):
    """Who handed in, what was misunderstood by whom, who is alike; and what is shown can be shown."""
    ran = report("lesson2")
    assert ran.code == 0, ran.err
    assert unfit(ran.out) == []
    assert "Sums (lesson2, due 2025-03-01 13:00 CET)" in ran.out
    assert "7 students: 6 handed in, 1 of them late; 1 missing" in ran.out
    assert "       1  total: the mean is taken\n          Ben Okri\n" in ran.out
    assert "total: not yet: agrees row by row\n          Cat </script>" in ran.out
    assert "    missing (1): Fay Weldon\n    late (1): Ben Okri (5 h)\n" in ran.out
    assert re.search(r"\d+ % alike: \?\[31mDan\?\[0m\?, =1\+1\n", ran.out)
    assert "do not prove copying" in ran.out
    assert ran.last_line == "Next:  nnedu report lesson2 --html report.html"


def test_the_page_of_a_lesson(report, tmp_path):
    """One file with everything in it, marks after the policy, and no element of a student's making."""
    ran = report("lesson2", "--html", "out.html")
    assert (ran.code, ran.last_line) == (0, "Written: out.html")
    page = (tmp_path / "out.html").read_text("utf-8")
    assert page.count("<script>") == 1
    assert "Cat &lt;/script&gt;" in page
    assert "the mean is taken" in page
    assert "expected" in page.partition("what one of them read")[2][:900]
    rows = dict(re.findall(r"<tr><th scope=row><bdi>([^<]*)</bdi>.*?<td>(\S+?)<td class=a>", page))
    assert rows["Ada Lovelace"] == "9.0"
    assert rows["Ben Okri"] == "2.7"  # 3 points of 9, and 10 % off
    assert rows["Fay Weldon"] == "0.0"
    assert '<mark><span class="no">' in page
    assert "seccomp" in page


def test_the_pages_of_students(report, tmp_path):
    """Each has what was in the terminal, the mark, what was written, a picture; and nothing that is hidden."""
    ran = report("lesson2", "--students", "given")
    assert ran.code == 0, ran.err
    given = {path.name: path.read_text("utf-8") for path in (tmp_path / "given").iterdir()}
    assert len(given) == 14
    assert not any(name.startswith(".") for name in given)
    assert [path.name for path in tmp_path.iterdir()] == ["given"]
    assert all(unfit(text) == [] for text in given.values())
    assert "1234" not in "".join(given.values())
    ben, cat = given["ben.html"], given["cat.html"]
    assert "2.70 of 9.00" in ben
    assert "Sum, not mean." in ben
    assert "&lt;b&gt;See me&lt;/b&gt;" in ben
    assert "It matches, to 1e-9, what comes out when the mean is taken." in ben
    assert "-0.30  1 day late, 10 % of the points" in ben
    assert "totals of shape (4, 3): 1 of 12 entries differ, in row 1 and column 0." in cat
    assert cat.count('class="wrong"') == 1
    assert "total set to 4.50 by kim on 2025-03-03: nearly" in cat
    assert "1 day late, 10 % of the points" in given["ben.txt"]
    assert "kim, on total:\nSum, not mean." in given["ben.txt"]
    assert "Nothing of yours was graded: missing." in given["fay.txt"]
    [dan] = [name for name in given if name.startswith("dan") and name.endswith(".html")]
    assert re.fullmatch(r"dan_\.\._\.\._x-[0-9a-f]{12}\.html", dan)


def test_hidden_checks_leave_no_picture(course):
    """Of the class, the gradebook has one picture, of the public check."""
    with gradebook(course) as book:
        outcomes = [book.outcome(one.attempt.id) for one in book.scored(LESSON)]
    checks = [check for outcome in outcomes for exercise in outcome.exercises for check in exercise.checks]
    assert any(check.hidden and check.message for check in checks)
    assert {check.id for check in checks if check.picture is not None} == {"rows"}


def test_how_a_mark_came_to_be(report):
    """Of one lesson, by login or by name; and of the course."""
    one = report("lesson2", "--explain", "Ben Okri")
    assert one.code == 0, one.err
    assert "attempt 2, 2025-03-01 18:00 CET, 1 day late: 30.00 %, counts" in one.out
    assert "of 9.00, late" in one.out
    whole = report("--explain", "ben")
    assert "Straight lines (lesson01_lines)" in whole.out
    assert "percent" in whole.last_line
    assert unfit(report("--explain", "dan/../../x").out) == []


def test_the_course_so_far(report, tmp_path):
    """Everybody's total, and who is falling behind by the rule that is stated."""
    ran = report("--html", "course.html", "--csv", "course.csv")
    assert ran.code == 0, ran.err
    assert unfit(ran.out) == []
    behind = ran.out.partition("Falling behind\n")[2].partition("\n\n")[0]
    assert "    Fay Weldon: handed in nothing in 2 of the last 2 lessons; has 0 % over the last 2 lessons" in behind
    assert "    Ben Okri" not in behind
    assert "    gus" not in behind  # 100 % and 0 %: the mean is not under 50 %
    assert "Ada" not in behind
    assert "A student is named who" in (tmp_path / "course.html").read_text("utf-8")
    rows = list(csv.reader(io.StringIO((tmp_path / "course.csv").read_text("utf-8"))))
    assert rows[0] == ["student", "name", "section", "total_percent", "missing", "lesson1", "lesson2", "behind"]
    assert rows[1][:7] == ["ada", "Ada Lovelace", "A", "100.00", "0", "100.00", "100.00"]
    assert rows[5][1] == "'=1+1"


def test_the_table_and_the_json_of_a_lesson(report, tmp_path):
    ran = report("lesson2", "--json", "--csv", "marks.csv")
    assert ran.code == 0, ran.err
    assert unfit(ran.out) == []
    people = {one["login"]: one for one in json.loads(ran.out)["people"]}
    assert people["ben"]["points"] == pytest.approx(2.7, abs=1e-12)
    assert people["dan/../../x"]["shown"] == ROSTER["dan/../../x"]
    assert "Written: marks.csv" in ran.err
    rows = {row[0]: row for row in csv.reader(io.StringIO((tmp_path / "marks.csv").read_text("utf-8")))}
    assert rows["ben"][3:8] == ["late", "5 h", "2", "2.70", "9.00"]
    assert rows["gus"][-1] == "not on the roster"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("lesson9",), "There is no lesson 'lesson9'"),
        (("--students", "out"), "nnedu report LESSON --students DIR"),
        (("lesson2", "--explain", "bne"), "Did you mean ben?"),
        (("lesson2", "--html", "no/such/folder.html"), "folder.html cannot be written: No such file or directory."),
    ],
)
def test_what_cannot_be_done_is_said(report, arguments, said):
    ran = report(*arguments)
    assert ran.code == 2
    assert said in ran.err
    assert "Traceback" not in ran.err


def test_an_empty_gradebook_says_what_comes_first(tmp_path):
    course = copy_course(tmp_path / "course")
    ran = nnedu("report", "--course", course, cwd=tmp_path)
    assert ran.code == 2
    assert "knows no students yet" in ran.err
    assert "nnedu roster FILE.csv" in ran.err


def test_a_lesson_that_nobody_has_begun_is_no_error(tmp_path):
    course = copy_course(tmp_path / "course")
    hand_in(course, ("ada", RIGHT))
    ran = nnedu("report", "lesson1", "--html", "one.html", "--course", course, cwd=tmp_path)
    assert ran.code == 0, ran.err
    assert "Nothing has been graded yet." in ran.out


def test_without_the_extra_it_is_said_what_to_install(tmp_path):
    """Without Jinja2 the text is there, and a page is one sentence away."""
    course = copy_course(tmp_path / "course")
    hand_in(course, ("ada", RIGHT))
    without = tmp_path / "without"
    without.mkdir()
    (without / "jinja2.py").write_text("raise ImportError('No module named jinja2', name='jinja2')", "utf-8")
    path = {"PYTHONPATH": f"{without}:{ROOT / 'src'}"}
    assert nnedu("report", "lesson2", "--course", course, cwd=tmp_path, **path).code == 0
    ran = nnedu("report", "lesson2", "--html", "x.html", "--course", course, cwd=tmp_path, **path)
    assert ran.code == 2
    assert "pip install 'nnedu[classroom]'" in ran.err
