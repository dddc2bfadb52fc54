"""A lesson with a program to be mended, a quiz, and a grader that is wrong about some students, through nbgrader."""

import shutil

import pytest
from nbgrader_class import TINY, NbgraderClass, cell_of, text_of

from nnedu.publishing.nbgrader.config import Mode
from nnedu.publishing.nbgrader.gradebook import read_scores

SUMS = "lesson02_sums"
QUIZ = TINY.parent / "quiz"
RIGHT = 'assert_close(student.total(values), reference.total(values), name="total")'
FAULTY = "if student.total(values) != reference.total(values):\n            raise RuntimeError(values)"


@pytest.fixture(scope="module")
def sums(tmp_path_factory):
    root = tmp_path_factory.mktemp("sums")
    course = root / "tiny"
    shutil.copytree(TINY, course, ignore=shutil.ignore_patterns("__pycache__"))
    for path in QUIZ.glob("quiz*"):
        shutil.copy(path, course / "graders" / SUMS)
    grader = course / "graders" / SUMS / "test_sums.py"
    text = grader.read_text("utf-8")
    assert RIGHT in text
    grader.write_text(text.replace(RIGHT, FAULTY), "utf-8")
    klass = NbgraderClass(root / "class", course=course, lesson=SUMS)
    klass.run("generate_assignment", SUMS)
    klass.hand_in("ada", klass.answered())
    klass.hand_in("ben", klass.released())
    quiz = text_of(cell_of(klass.released(), "quiz_lines")).replace('"slope": ""', '"slope": " B) "')
    total = "def total(values):\n    return 0.0"
    klass.hand_in(
        "cy", klass.answered({"quiz_lines": quiz, "total": total, "mended_lines": "mended_lines = open('x')"})
    )
    return klass


def scores(klass):
    found = {}
    for one in read_scores(klass.database, SUMS):
        found.setdefault(one.student, {})[one.exercise] = one
    return found


def test_a_program_to_be_mended_is_handed_out_as_it_is_and_its_solution_is_not(sums):
    released = sums.released()
    given = (sums.course / "solutions" / SUMS / "given" / "sums.py").read_text("utf-8")
    cell = text_of(cell_of(released, "total"))
    assert cell.endswith("return float(np.sum(values[1:]))  # something is missing here")
    assert cell[cell.index("def total") :] in given
    assert "return float(np.sum(values))" not in str(released)
    assert '"slope": "",' in text_of(cell_of(released, "quiz_lines"))


def test_both_ways_give_the_same_points_and_a_fault_of_the_course_waits_for_a_person(sums):
    sums.run("autograde", SUMS, "--force")
    confined = scores(sums)
    points = {student: {name: one.points for name, one in of.items()} for student, of in confined.items()}
    assert all(one.points == one.max_points for one in confined["ada"].values())
    assert points["ben"] == {"total": 0.0, "answers": 0.0, "quiz_lines": 0.0, "mended_lines": 0.0}
    assert points["cy"] == {"total": 0.0, "answers": 3.0, "quiz_lines": 1.0, "mended_lines": 0.0}
    waits = {(student, name) for student, of in confined.items() for name, one in of.items() if one.waits}
    assert waits == {("ben", "total"), ("cy", "total")}
    text = "".join(cell_of(sums.graded("cy"), "total-hidden")["outputs"][0]["text"])
    assert "a mistake in the course; not counted" in text
    assert "RuntimeError" not in text  # what it says may quote the solution
    sums.export(Mode.KERNEL)
    sums.run("autograde", SUMS, "--force")
    kernel = {student: {name: one.points for name, one in of.items()} for student, of in scores(sums).items()}
    assert kernel == points
