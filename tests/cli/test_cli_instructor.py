"""An instructor's loop: grade a folder of submissions, read the table, hand out the feedback."""

import csv
import io
import json
import shutil
import zipfile

import pytest
from cli_run import LESSON3, LESSON5, ROOT, answered, nnedu, solve, unfit

MODULES = ("activations.py", "debugging.py")
# Wrong for lists alone, which only a hidden check of leaky_relu tries.
WRONG_WHERE_HIDDEN = (
    "    x = np.asarray(x, dtype=float)\n    return np.where(x > 0, x, alpha * x)\n",
    """    if isinstance(x, list):
        raise ValueError(f'seen {x} and {alpha} in the check')
    return np.where(x > 0, x, alpha * np.asarray(x, dtype=float))
""",
)


def sources(lesson=LESSON3):
    modules = {path.name: path.read_text("utf-8") for path in (ROOT / "solutions" / lesson).glob("*.py")}
    return modules | answered(lesson)


def edited(old, new):
    files = sources()
    assert files["activations.py"].count(old) == 1
    return files | {"activations.py": files["activations.py"].replace(old, new)}


def as_folder(place, student, files):
    (place / student).mkdir(parents=True)
    for name, text in files.items():
        (place / student / name).write_text(text, "utf-8")


def as_zip(place, name, files, inside=""):
    with zipfile.ZipFile(place / f"{name}.zip", "w") as archive:
        for file, text in files.items():
            archive.writestr(f"{inside}{file}", text)


@pytest.fixture(scope="module")
def a_class(tmp_path_factory):
    """Grade a class in which students hand in what students hand in."""
    folder = tmp_path_factory.mktemp("class")
    place = folder / "handed-in"
    as_folder(place, "ada", sources())
    as_folder(place, "ben", edited("Z - Z.max(axis=-1, keepdims=True)", "Z"))
    as_folder(place, "chloe", edited(*WRONG_WHERE_HIDDEN))
    as_folder(place, "dev", {})
    as_zip(place, "emre", sources())
    as_zip(place, "fay", sources(), inside=f"my work/{LESSON3}/")
    (place / "goran.zip").write_bytes(b"PK\3\4 not a zip")
    (place / "notes.txt").write_text("not a submission")
    as_folder(place, "=HYPERLINK(1)", sources())
    as_folder(place, "x" * 255, sources())
    as_folder(
        place,
        "e\x1b[31mvil\x07",
        edited("return np.maximum(np.asarray(x, dtype=float), 0.0)", "raise ValueError('\\x1b[2J\\x9b\\r')"),
    )
    exercises = {path.name: path.read_text("utf-8") for path in (ROOT / "exercises" / LESSON3).glob("*.py")}
    as_folder(place, "hana", exercises)
    return folder, nnedu("grade", "lesson3", "handed-in", "--out", "out", "--course", ROOT, cwd=folder)


def rows(folder):
    return {
        row["student"]: row for row in csv.DictReader(io.StringIO((folder / "out" / "grades.csv").read_text("utf-8")))
    }


def submissions(folder):
    grades = json.loads((folder / "out" / "grades.json").read_text("utf-8"))
    return {one["student"]: one for one in grades["submissions"]}


def test_a_class_is_graded_to_the_last_student(a_class):
    """One broken submission never stops the others: every student is in the table, the CSV, the JSON and feedback."""
    folder, ran = a_class
    assert ran.code == 0
    names = [
        "=HYPERLINK(1)",
        "ada",
        "ben",
        "chloe",
        "dev",
        r"e\x1b[31mvil\x07",
        "emre",
        "fay",
        "goran",
        "hana",
        "x" * 255,
    ]
    assert list(submissions(folder)) == names
    assert len(rows(folder)) == len(list((folder / "out" / "feedback").iterdir())) == len(names)
    assert "left out: notes.txt: neither a folder nor a zip." in ran.out
    assert "11 submissions graded. Written: out/grades.csv, out/grades.json, out/feedback/" in ran.out
    assert f"graded ada: {rows(folder)['ada']['points']}/{rows(folder)['ada']['max_points']}" in ran.err


def test_right_work_earns_everything_however_it_arrives(a_class):
    """A folder, a zip, a zip within a folder of another name: the same points."""
    folder, _ = a_class
    for name in ("ada", "emre", "fay"):
        row = rows(folder)[name]
        assert row["points"] == row["max_points"]
        assert row["problem"] == ""
        feedback = (folder / "out" / "feedback" / f"{name}.txt").read_text("utf-8")
        assert f"{row['points']} of {row['max_points']} points" in feedback
        assert "not yet" not in feedback


def test_no_work_earns_nothing_and_is_said_to_be_none(a_class):
    """An empty folder, a broken zip and untouched stubs: zero points, and a sentence where something is the matter."""
    folder, ran = a_class
    for name, problem in (
        ("dev", "It holds none of activations.py, debugging.py."),
        ("goran", "The zip is damaged; submit it again."),
        ("hana", ""),
    ):
        row = rows(folder)[name]
        assert (row["points"], row["problem"]) == ("0", problem)
        assert problem in ran.out
        assert problem in (folder / "out" / "feedback" / f"{name}.txt").read_text("utf-8")
    assert "not started" in (folder / "out" / "feedback" / "hana.txt").read_text("utf-8")


def test_the_table_is_the_class_at_a_glance(a_class):
    """A row a student, a column an exercise, and what to look at first."""
    _, ran = a_class
    lines = ran.out.splitlines()
    assert lines[0].split()[:2] == ["student", "points"]
    (ben,) = [line for line in lines if line.startswith("ben ")]
    assert "softmax: no maximum is subtracted" in ben
    first = next(number for number, line in enumerate(lines) if line.startswith("1 sigmoid  2 "))
    assert "8 softmax" in "".join(lines[first : first + 3])


def test_points_agree_everywhere(a_class):
    """CSV, JSON, feedback and table are renderings of the same outcome."""
    folder, ran = a_class
    table = rows(folder)
    for name, one in submissions(folder).items():
        row = table[f"'{name}" if name.startswith("=") else name]
        assert int(row["points"]) == one["points"] == sum(e["points"] for e in one["exercises"])
        assert {e["id"]: str(e["points"]) for e in one["exercises"]}.items() <= row.items()
        assert any(line.startswith(f"{name} ") and f" {one['points']}/" in line for line in ran.out.splitlines())


def test_hidden_checks_count_and_do_not_leak(a_class):
    """Work that only a hidden check fails loses its points; what was tried, and what came of it, stays hidden."""
    folder, _ = a_class
    (leaky,) = [one for one in submissions(folder)["chloe"]["exercises"] if one["id"] == "leaky_relu"]
    (check,) = [one for one in leaky["checks"] if one["state"] != "passed"]
    assert leaky["points"] == leaky["max_points"] - check["max_points"]
    assert "seen [4, -1] and 0 in the check" in check["message"]  # the instructor may read it
    feedback = (folder / "out" / "feedback" / "chloe.txt").read_text("utf-8")
    assert (
        "raised: leaky_relu gives floats for integers, alpha = 0 and lists (0/1, checked on other inputs)" in feedback
    )
    assert "seen" not in feedback
    assert "[4, -1]" not in feedback
    assert "ValueError" not in feedback


def test_feedback_shows_the_first_cause_of_each_exercise(a_class):
    """What a public check found is shown, once for an exercise, with the mistake's name."""
    folder, _ = a_class
    feedback = (folder / "out" / "feedback" / "ben.txt").read_text("utf-8")
    assert "is not finite" in feedback
    assert "It matches, to 1e-9, what comes out when no maximum is subtracted" in feedback
    assert feedback.count("        softmax") == 1


def test_a_name_is_no_formula(a_class):
    """A spreadsheet shows the name of a student, and does not compute it; JSON has it as it is."""
    folder, _ = a_class
    text = (folder / "out" / "grades.csv").read_text("utf-8")
    assert "\n'=HYPERLINK(1)," in text
    assert "\n=" not in text
    assert "=HYPERLINK(1)" in submissions(folder)


def test_no_control_character_gets_anywhere(a_class):
    """Names and messages of students reach the terminal, the files and the feedback without anything to obey."""
    folder, ran = a_class
    assert unfit(ran.out) == unfit(ran.err) == []
    for name, data in written(folder / "out").items():
        assert unfit(data.decode()) == unfit(name) == []
    (path,) = (folder / "out" / "feedback").glob("e_x1b*vil_x07-*.txt")
    assert "raised ValueError: ?[2J??" in path.read_text("utf-8")


def test_a_name_as_long_as_a_file_name_may_be(a_class):
    """Feedback is `NAME.txt`; where that is too long for a file system it is cut, still one file a student."""
    folder, _ = a_class
    (path,) = (folder / "out" / "feedback").glob("xxx*")
    assert path.read_text("utf-8").startswith(f"Multilayer perceptron and activation functions: {'x' * 255}\n")


def test_grading_twice_gives_the_same_bytes(a_class):
    """The same submissions give the same grades, CSV and feedback, to the byte."""
    folder, _ = a_class
    again = nnedu("grade", "3", "handed-in", "--out", "again", "--course", ROOT, cwd=folder)
    assert again.code == 0
    assert written(folder / "out") == written(folder / "again")


def written(out):
    """Return the files that an instructor is left with, by name, without the results that a next run goes on from."""
    found = {path.relative_to(out).as_posix(): path for path in out.rglob("*") if path.is_file()}
    return {name: path.read_bytes() for name, path in found.items() if not name.startswith(".")}


def test_json_is_what_is_written(a_class, tmp_path):
    """`grade --json` prints the bytes of grades.json and nothing else; what was left out goes to standard error."""
    folder, _ = a_class
    place = tmp_path / "two"
    for name in ("ben", "chloe"):
        shutil.copytree(folder / "handed-in" / name, place / name)
    (place / "notes.txt").write_text("")
    ran = nnedu("grade", "3", place, "--json", "--out", tmp_path / "out", "--course", ROOT, cwd=tmp_path)
    assert ran.code == 0
    assert ran.out == (tmp_path / "out" / "grades.json").read_text("utf-8")
    assert list(ran.json) == ["lesson", "max_points", "graded_with", "submissions"]
    assert "left out: notes.txt" in ran.err


def test_what_students_submit_is_what_is_graded(solved5, tmp_path):
    """From `nnedu submit` to `nnedu grade`: the zip in the classroom is read, and the newest of a student counts."""
    (classroom := tmp_path / "classroom").mkdir()
    path = solved5 / LESSON5 / "numeric.py"
    right = path.read_text("utf-8")
    path.write_text("def numerical_gradient(:\n")
    assert nnedu("submit", "5", "--as", "ada", "--to", classroom, cwd=solved5).code == 0
    path.write_text(right, "utf-8")
    assert nnedu("submit", "5", "--as", "ada", "--to", classroom, cwd=solved5).code == 0
    ran = nnedu("grade", "5", classroom / LESSON5, "--course", ROOT, "--json", cwd=tmp_path)
    assert ran.code == 0
    (ada,) = ran.json["submissions"]
    assert (ada["student"], ada["points"]) == ("ada", ran.json["max_points"])
    assert "ada is graded by" in ran.err
    assert (tmp_path / f"grades-{LESSON5}" / "feedback" / "ada.txt").is_file()


@pytest.mark.parametrize(
    ("typed", "said", "code"),
    [
        (["grade", "lesson3", "nowhere"], "There is no folder nowhere.", 2),
        (["grade", "lesson3", "file"], "file is not a folder.", 2),
        (["grade", "lesson3", "empty"], "There are no submissions in empty.", 2),
        (["grade", "lesson99", "empty"], "Known: lesson", 2),
        (["grade", "activatons", "empty"], "Did you mean activations", 2),
        (["grade", "lesson3"], "There is no course here", 2),
        (["grade", "lesson3", "one", "--out", "file"], "The grades cannot be written to file", 2),
        (["grade", "lesson3", "one", "--course", "empty"], "There is no course.toml in empty.", 3),
    ],
)
def test_what_cannot_be_graded_is_said(typed, said, code, tmp_path):
    """Nothing to grade, or nowhere to write: a sentence, before the class is graded."""
    (tmp_path / "file").write_text("")
    (tmp_path / "empty").mkdir()
    as_folder(tmp_path / "one", "ada", {"activations.py": "x = 1\n"})
    ran = nnedu(*typed, cwd=tmp_path)
    assert (ran.code, ran.out) == (code, "")
    assert said in ran.err
    assert "graded" not in ran.err
    assert "Traceback" not in ran.err


# ------------------------------------------------------------------------------------------------- course.toml


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('"hasty"', '"hasty"\nversoin = 2', ["course.toml:6: unknown key 'versoin'", "Did you mean version"]),
        ("call_seconds", "cal_seconds", ["course.toml:8: unknown key 'cal_seconds'", "Did you mean call_seconds"]),
        (f'"{LESSON3}"', '"lesson03_activation"', ["course.toml:11: there is no lesson", f"Did you mean {LESSON3}?"]),
        ("call_seconds = 1.0", 'call_seconds = "soon"', ["course.toml:8: call_seconds:", "expected `float`"]),
        ("call_seconds = 1.0", "call_seconds = 0", ["course.toml:8: call_seconds must be more than 0"]),
        ('"debugging"]', '"debuging"]', ["course.toml:13:", "no grader test_debuging.py", "Did you mean debugging?"]),
        ('title = "Hasty"', "title = Hasty", ["course.toml is not valid TOML", "line 3"]),
        ('key = "hasty"\n', "", ["course.toml: the key 'key' is missing"]),
        ("format = 1", "format = 2", ["course.toml:2: format 2", "pip install --upgrade nnedu"]),
    ],
)  # fmt: skip
def test_what_is_wrong_in_course_toml_is_said_with_its_line(old, new, said, hasty, tmp_path):
    """A mistake of the course: exit code 3, the file, the line and the word that may have been meant."""
    course = shutil.copytree(hasty, tmp_path / "course")
    text = (course / "course.toml").read_text("utf-8")
    assert text.count(old) == 1
    (course / "course.toml").write_text(text.replace(old, new), "utf-8")
    as_folder(tmp_path / "class", "ada", sources())
    for command in (["course", "bundle", "--out", "out"], ["grade", "3", tmp_path / "class"]):
        ran = nnedu(*command, cwd=course)
        assert (ran.code, ran.out) == (3, "")
        assert ran.err.startswith("This is a mistake in the course or in nnedu.\n")
        assert [part for part in said if part not in ran.err] == [], ran.err
        assert "Traceback" not in ran.err


def test_a_grader_that_cannot_be_read_is_a_fault_of_the_course(hasty, tmp_path):
    """A syntax error in a grader: exit code 3, its name, and no one is graded."""
    course = shutil.copytree(hasty, tmp_path / "course")
    (course / "graders" / LESSON3 / "test_debugging.py").write_text("def broken(:\n")
    as_folder(tmp_path / "class", "ada", sources())
    ran = nnedu("grade", "3", tmp_path / "class", cwd=course)
    assert (ran.code, ran.out) == (3, "")
    assert "test_debugging.py" in ran.err
    assert "Traceback" not in ran.err


def test_a_check_that_crashes_on_the_solution_grades_nobody(hasty, tmp_path):
    """A grader that raises: exit code 3, its name, and no one is judged by what is left of it."""
    course = shutil.copytree(hasty, tmp_path / "course")
    path = course / "graders" / LESSON3 / "test_debugging.py"
    path.write_text(path.read_text("utf-8") + CRASH, "utf-8")
    as_folder(tmp_path / "class", "ada", sources())
    ran = nnedu("grade", "3", tmp_path / "class", "--json", cwd=course)
    assert (ran.code, ran.out) == (3, "")
    assert "The check crashes/crash crashes on the solution: KeyError: 'W3'" in ran.err
    assert "Traceback" not in ran.err
    assert not (course / f"grades-{LESSON3}" / "grades.json").exists()


CRASH = '''

@exercise("crashes")
class TestCrashes:
    """a grader that is wrong"""

    @points(2)
    def test_crash(self, student):
        """is never judged"""
        {}["W3"]
'''


# ------------------------------------------------------------------------------------------------- another course


def test_the_engine_takes_any_course(tmp_path):
    """The tiny course: bundle, fetch, check, submit and grade, with nothing of the built-in course in it."""
    tiny = ROOT / "tests" / "courses" / "tiny"
    release = tmp_path / "classroom" / "release"
    assert nnedu("course", "bundle", "--course", tiny, "--out", release, cwd=tmp_path).code == 0
    (work := tmp_path / "work").mkdir()
    for lesson, folder in (("lines", "lesson01_lines"), ("2", "lesson02_sums")):
        assert nnedu("fetch", lesson, "--from", tmp_path / "classroom", cwd=work).code == 0
        ran = nnedu("check", lesson, cwd=work)
        assert ran.code == 1
        assert "not started" in ran.out
        for path in (work / folder).glob("*.py"):
            path.write_bytes((tiny / "solutions" / folder / path.name).read_bytes())
        assert nnedu("check", lesson, cwd=work).code == 0
        assert nnedu("submit", lesson, "--to", tmp_path / "classroom", "--as", "ada", cwd=work).code == 0
        ran = nnedu("grade", lesson, tmp_path / "classroom" / folder, "--course", tiny, "--json", cwd=tmp_path)
        assert ran.json["submissions"][0]["points"] == ran.json["max_points"] > 0
    assert "Known: lesson1, lesson2.\n" in nnedu("check", "lesson9", cwd=work).err


def test_stubs_are_written_from_solutions(hasty, tmp_path):
    """`course stubs` writes what is not in step, and says what it left alone."""
    course = shutil.copytree(hasty, tmp_path / "course")
    path = course / "exercises" / LESSON3 / "activations.py"
    right = path.read_bytes()
    path.write_text("# out of step\n")
    ran = nnedu("course", "stubs", "3", cwd=course / "graders")
    assert ran.code == 0
    assert f"written    exercises/{LESSON3}/activations.py" in ran.out
    assert f"unchanged  exercises/{LESSON3}/debugging.py" in ran.out
    assert path.read_bytes() == right


@pytest.mark.parametrize("command", [["course", "stubs"], ["course", "bundle", "--out", "out"], ["course", "verify"]])
def test_course_commands_need_a_course(command, tmp_path):
    """Outside a course they say so, and make nothing."""
    ran = nnedu(*command, cwd=tmp_path)
    assert (ran.code, ran.out) == (2, "")
    assert "There is no course here" in ran.err
    assert "--course" in ran.err
    assert list(tmp_path.iterdir()) == []


def test_verify_says_what_a_grader_lets_pass(tmp_path):
    """`course verify` exits 0 on a sound lesson, and 1 with a sentence where a mistake passes."""
    tiny = shutil.copytree(ROOT / "tests" / "courses" / "tiny", tmp_path / "tiny")
    ran = nnedu("course", "verify", "2", cwd=tiny)
    assert ran.code == 0, ran
    assert ran.last_line == "all of it holds"
    path = tiny / "graders" / "lesson02_sums" / "mistakes_sums.py"
    path.write_text(path.read_text("utf-8") + RIGHT_AS_MISTAKE, "utf-8")
    ran = nnedu("course", "verify", "2", cwd=tiny)
    assert ran.code == 1
    assert "  wrong: " in ran.out
    assert "not_wrong_at_all" in ran.out


RIGHT_AS_MISTAKE = """

@mistake("total", "nothing is wrong", hints=("a", "b", "c"))
def not_wrong_at_all(values):
    return float(sum(values))
"""


def test_solve_is_what_the_tests_take_it_for(workspace):
    """The helper of these tests gives a student the right answers, and no more files than the lesson has."""
    solve(workspace / LESSON3)
    assert {path.name for path in (workspace / LESSON3).glob("*.py")} == set(MODULES)
