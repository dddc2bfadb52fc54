"""The notebook of a lesson: the same bytes, the course's own stubs, no check in a hidden cell, names that stay."""

import ast
import json
from pathlib import Path

import nbformat
import pytest
from nbgrader.nbgraderformat import MetadataValidator
from nbgrader_class import TINY, cell_of, text_of

from nnedu.course import load_course
from nnedu.publishing.nbgrader.cells import HIDDEN, Role
from nnedu.publishing.nbgrader.layout import layout_of
from nnedu.publishing.nbgrader.marking import BEGIN, END, cut, mark_module, without_siblings
from nnedu.publishing.nbgrader.modules import submitted
from nnedu.publishing.nbgrader.notebook import notebook_of
from nnedu.publishing.nbgrader.statements import grade_id_of, same_code
from nnedu.publishing.stubs import stub
from nnedu.running.grader import Grader
from nnedu.running.kit import kit_of
from nnedu.running.quiz import grade_quizzes

ROOT = Path(__file__).resolve().parents[3]
FROZEN = Path(__file__).with_name("grade_ids.json")
LESSONS = [(root, lesson.id) for root in (ROOT, TINY) for lesson in load_course(root).lessons]
NAMED = [f"{root.name}/{lesson}" for root, lesson in LESSONS]


@pytest.fixture(scope="module")
def laid():
    """Return the course, the lesson and the layout of a lesson, made once."""
    made = {}

    def lay(root, lesson):
        if (root, lesson) not in made:
            course = load_course(root)
            made[root, lesson] = (course, course.lesson(lesson), layout_of(course, course.lesson(lesson)))
        return made[root, lesson]

    return lay


@pytest.mark.parametrize(("root", "lesson"), LESSONS, ids=NAMED)
def test_is_a_notebook_that_both_programs_take_and_the_same_bytes_each_time(laid, root, lesson):
    course, chosen, layout = laid(root, lesson)
    data = notebook_of(course, layout)
    assert data == notebook_of(course, layout_of(course, chosen))
    notebook = nbformat.reads(data.decode(), as_version=4)
    nbformat.validate(notebook)
    MetadataValidator().validate_nb(notebook)
    assert nbformat.writes(notebook) + "\n" == data.decode()  # saved by Jupyter, nothing moves
    assert str(ROOT).encode() not in data


@pytest.mark.parametrize(("root", "lesson"), LESSONS, ids=NAMED)
def test_solutions_earn_every_point_and_what_is_handed_out_earns_none(laid, root, lesson):
    course, chosen, layout = laid(root, lesson)
    source = json.loads(notebook_of(course, layout))
    handed_out = _released(source, layout)
    grader = Grader(kit_of(course, chosen, layout.stubs))
    try:
        for notebook, full in ((source, True), (handed_out, False)):
            found = submitted(json.dumps(notebook).encode(), layout)
            assert found.problems == ()
            result = grader.grade(found.work)
            outcomes = [*result.outcome.exercises, *grade_quizzes(layout.quizzes, found.work.answers, "")]
            wanted = [one.max_points if full else 0 for one in outcomes]
            assert [one.points for one in outcomes] == wanted, [(one.id, one.summary) for one in outcomes]
            assert full or found.work.sources == layout.stubs
        points = {cell.exercise: cell.points for cell in layout.cells if cell.role is Role.HIDDEN}
        assert points == {one.id: one.max_points for one in outcomes}
    finally:
        grader.close()


def _released(source, layout):
    """Return the notebook as nbgrader hands it out: what the round trip compares with nbgrader's own."""
    notebook = json.loads(json.dumps(source))
    for cell in notebook["cells"]:
        if cell["metadata"].get("nbgrader", {}).get("solution"):
            cell["source"] = layout.by_id[grade_id_of(cell)].released
            cell["metadata"].pop("nnedu", None)
    return notebook


@pytest.mark.parametrize(("root", "lesson"), LESSONS, ids=NAMED)
def test_stubs_are_those_of_the_course_and_no_line_of_a_solution_is_left(laid, root, lesson):
    _, chosen, layout = laid(root, lesson)
    given = {path.stem for path in (chosen.solutions_folder / "given").glob("*.py")}
    for module in layout.modules:
        cells = [cell for cell in layout.cells if cell.module == module]
        parts = [cell.released if cell.role is Role.SOLUTION else cell.source for cell in cells if cell.is_code]
        stubs = without_siblings(layout.stubs[module], layout.modules)
        body = ast.parse(stubs).body[bool(ast.get_docstring(ast.parse(stubs))) :]
        assert same_code("\n".join(parts), "\n".join(map(ast.unparse, body)))
        if module not in given:
            assert all(cut(cell.source) == cell.released for cell in cells if cell.role is Role.SOLUTION)


def test_hidden_cells_hold_a_call_and_no_check(laid):
    _, _, layout = laid(ROOT, "lesson05_backpropagation")
    for cell in layout.cells:
        if cell.role is Role.HIDDEN:
            nodes = ast.parse(cell.source).body
            assert [type(node) for node in nodes] == [ast.ImportFrom, ast.Expr]
            assert ast.unparse(nodes[1]).startswith("score_cell('lesson05_backpropagation/")
            start, *_, end = [line for line in cell.source.splitlines() if "HIDDEN TESTS" in line]
            inside = cell.source.partition(start)[2].partition(end)[0]
            assert "score_cell" in inside  # outside, `validate` would tell a perfect student that it failed


def test_names_of_cells_are_those_that_were_released():
    """nbgrader refuses other ones once somebody has handed in: a lesson may be added, and no name moves."""
    now = {}
    for root, lesson in LESSONS:
        course = load_course(root)
        layout = layout_of(course, course.lesson(lesson))
        now[f"{course.title}/{lesson}"] = sorted(layout.by_id)
    frozen = json.loads(FROZEN.read_text("utf-8"))
    assert {name: now.get(name) for name in frozen} == frozen
    assert set(now) == set(frozen), "a lesson is new: add its names to grade_ids.json"


def test_readme_is_split_at_its_sections_but_not_inside_a_listing(laid, tiny_copy):
    readme = tiny_copy / "exercises" / "lesson01_lines" / "README.md"
    readme.write_text("# Lines\n\nA.\n\n## One\n\n```\n## not a section\n```\n\n## Two\n", "utf-8")
    course = load_course(tiny_copy)
    layout = layout_of(course, course.lesson("lesson1"))
    texts = [cell.source for cell in layout.cells if cell.role is Role.TEXT and not cell.grade_id]
    assert texts[:3] == ["# Lines\n\nA.", "## One\n\n```\n## not a section\n```", "## Two"]


def test_quiz_questions_are_in_the_notebook_and_the_key_only_in_the_source(laid):
    course, _, layout = laid(ROOT, "lesson05_backpropagation")
    source = json.loads(notebook_of(course, layout))
    released = _released(source, layout)
    quiz = layout.quizzes[0]
    item = quiz.of("")[0]
    assert item.asked.text.strip() in text_of(cell_of(released, f"{quiz.id}-text"))
    assert f'"{item.id}": "{item.right}"' in text_of(cell_of(source, quiz.id))
    assert item.because not in json.dumps(released)
    assert f'"{item.id}": ""' in text_of(cell_of(released, quiz.id))


PARTS = """class C:
    'Doc.'

    _hidden = 1
    size = 2

    def a(self):
        return 1

    # why
    def _b(self):
        return 2
"""
PROPERTY = """class C:
    'Doc.'

    @property
    def a(self):
        'A.'
        return self._b()

    def _b(self):
        return 2


_TABLE = {'c': C}
"""


@pytest.mark.parametrize(
    "source",
    [
        "def f(x):\n    return x\n",
        'def f(x):\n    """Doc."""\n    # a comment\n    return x\n\n\nFACTOR = 2.0\n\n\ndef _h(x):\n    return x\n',
        "_A = 1\nfrom math import sqrt\n\n\ndef f(x):\n    return sqrt(x) + _A\n",
        PARTS,
        PROPERTY,
        'class C:\n    """Doc."""\n\n    size = 2\n\n\n_TABLE = {"c": C}\n',
        'class C:\n    """Doc."""\n\n    def _only(self):\n        return 1\n',
        'def f(x):\n    """Doc."""\n    return x  # noqa: RET504 - why\n',
    ],
    ids=["plain", "constant after", "head", "class parts", "property", "no method", "private only", "lint"],
)
def test_markers_leave_the_stub_and_hold_the_solution(source):
    marked = mark_module(source, None, ("a",))
    text = marked.head + "\n" + "\n".join(cell.released for cell in marked.cells)
    assert same_code(text, stub(source, "m.py"))
    assert "noqa" not in "".join(cell.source for cell in marked.cells)
    solution = marked.head + "\n" + "\n".join(cell.source for cell in marked.cells)
    wanted, found = {}, {}
    exec(source, wanted)  # noqa: S102 - our own text
    exec(solution, found)  # noqa: S102
    assert {name for name in wanted if name != "__builtins__"} == {name for name in found if name != "__builtins__"}
    for cell in marked.cells:
        assert cell.source.count(BEGIN) == cell.source.count(END) >= 1
        assert cell.by_hand or cut(cell.source) == cell.released


def test_imports_of_sibling_modules_become_names():
    text = "from a import f, g as h\nimport numpy as np\n"
    assert without_siblings(text, ("a",)) == "h = g\nimport numpy as np"


def test_a_given_program_that_is_no_python_is_handed_out_as_it_is():
    given = "def f(x:\n    return x\n"
    marked = mark_module("def f(x):\n    return x\n\n\ndef g(x):\n    return 2\n", given, ())
    [cell] = marked.cells
    assert (cell.released, cell.by_hand) == (given.rstrip(), True)
    assert "def g" in cell.source


def test_a_name_that_nbgrader_cannot_take_is_refused(tiny_copy):
    grader = tiny_copy / "graders" / "lesson02_sums" / "test_sums.py"
    text = grader.read_text("utf-8")
    grader.write_text(text.replace('"total"', '"totäl"'), "utf-8")
    course = load_course(tiny_copy)
    with pytest.raises(Exception, match="cannot be a notebook"):
        layout_of(course, course.lesson("lesson2"))


def test_hidden_is_how_graded_cells_are_told():
    assert HIDDEN == "-hidden"  # in gradebooks that are there
