"""Submitted notebooks back to modules: whatever a student did to the cells, and without running any of it."""

import copy
import json

import pytest
from nbgrader_class import TINY, WRONG, cell_of, text_of

from nnedu.course import load_course
from nnedu.publishing.nbgrader.layout import layout_of
from nnedu.publishing.nbgrader.mending import mend, plan_of
from nnedu.publishing.nbgrader.modules import MAX_NOTEBOOK, modules_of, submitted
from nnedu.publishing.nbgrader.notebook import notebook_of
from nnedu.publishing.nbgrader.questions import answers_file, answers_in, read_answers
from nnedu.publishing.nbgrader.statements import Found, grade_id_of, parse
from nnedu.running.grader import Grader
from nnedu.running.kit import kit_of


@pytest.fixture(scope="module")
def lines():
    """The layout of the tiny course's first lesson, its notebook, and what grades it."""
    course = load_course(TINY)
    lesson = course.lesson("lesson1")
    layout = layout_of(course, lesson)
    grader = Grader(kit_of(course, lesson, layout.stubs))
    source = json.loads(notebook_of(course, layout))

    class Lines:
        def __init__(self):
            self.layout = layout
            self.source = source
            self.plan = plan_of(source)

        def notebook(self):
            return copy.deepcopy(source)

        def points(self, notebook):
            result = grader.grade(modules_of(notebook, layout).work)
            return {one.id: one.points for one in result.outcome.exercises}

        def problems(self, notebook):
            return [one.sentence for one in modules_of(notebook, layout).problems]

        def mended(self, notebook):
            cells, problems = mend(copy.deepcopy(notebook), self.plan)
            return notebook | {"cells": cells}, [one.sentence for one in problems]

    yield Lines()
    grader.close()


FULL = {"line": 7, "fit": 3, "slope_gradient": 2, "step": 3, "shuffled": 1, "RunningMean": 2}


def code(text, name=""):
    metadata = {"nbgrader": {"grade_id": name, "solution": True, "grade": False, "locked": False, "schema_version": 3}}
    return {"cell_type": "code", "metadata": metadata if name else {}, "source": text, "outputs": []}


def index_of(notebook, name):
    return next(i for i, cell in enumerate(notebook["cells"]) if grade_id_of(cell) == name)


def duplicated_below(notebook):
    """A stub is left below the answer: the copy keeps the mark of the answer."""
    stub = copy.deepcopy(cell_of(notebook, "fit"))
    stub["source"] = "def fit(x, y):\n    # my copy\n    raise NotImplementedError()"
    notebook["cells"].insert(index_of(notebook, "fit") + 1, stub)


def duplicated_above(notebook):
    stub = copy.deepcopy(cell_of(notebook, "fit"))
    stub["source"] = 'def fit(x, y):\n    """Return the slope and the intercept."""\n    raise NotImplementedError'
    notebook["cells"].insert(index_of(notebook, "fit"), stub)


def split(notebook):
    """Half of the cell loses its mark, as JupyterLab does it."""
    cell = cell_of(notebook, "line")
    text = text_of(cell)
    at = text.index("\n\nfrom functools")
    cell["source"] = text[:at]
    rest = text[at:].replace("    ### END SOLUTION", "")
    notebook["cells"].insert(index_of(notebook, "line") + 1, code(rest))


def split_inside(notebook):
    """A cell is split in the middle of a function; both halves keep the mark, or the second has none."""
    for name in ("fit", "slope_gradient"):
        cell = cell_of(notebook, name)
        lines = text_of(cell).splitlines()
        half = copy.deepcopy(cell)
        cell["source"], half["source"] = "\n".join(lines[:1]), "\n".join(lines[1:])
        half["metadata"] = half["metadata"] if name == "fit" else {}
        notebook["cells"].insert(index_of(notebook, name) + 1, half)


def unmarked(notebook):
    for cell in notebook["cells"]:
        cell["metadata"] = {}


def moved(notebook):
    notebook["cells"].append(notebook["cells"].pop(index_of(notebook, "step")))


def retyped(notebook):
    cell = cell_of(notebook, "step")
    cell["cell_type"] = "markdown"
    cell["source"] = "```python\n" + text_of(cell) + "\n```"
    del cell["outputs"]


def with_magics(notebook):
    cell = cell_of(notebook, "step")
    cell["source"] = "%matplotlib inline\n!pip install numpy\n" + text_of(cell) + "\n\nstep?\n"


def with_play(notebook):
    """Prints, plots, tests and slow loops of a student ran in the notebook, and are nobody's answer."""
    play = "import matplotlib.pyplot as plt\nout = fit(a, b)\nplt.plot(out)\nassert False\nwhile True:\n    z = 1\n"
    notebook["cells"].insert(3, code(play))
    cell = cell_of(notebook, "step")
    cell["source"] = text_of(cell) + "\nprint(step(np.ones(3)))\nresult = undefined_name"


def with_helper(notebook):
    """A helper and an import in cells of the student's own."""
    notebook["cells"].insert(2, code("import math as m\nSCALE = 1.0"))
    notebook["cells"].insert(3, code("def helper(x):\n    return m.fsum(x) * SCALE / len(x)"))
    cell = cell_of(notebook, "fit")
    cell["source"] = (
        "def fit(x, y):\n    mx, my = helper(x), helper(y)\n"
        "    s = float((x - mx) @ (y - my) / ((x - mx) @ (x - mx)))\n"
        "    return s, float(my - s * mx)"
    )


def in_another_cell(notebook):
    """Two answers in one cell, and the other cell left as it was handed out."""
    step = cell_of(notebook, "step")
    cell_of(notebook, "fit")["source"] = text_of(cell_of(notebook, "fit")) + "\n\n\n" + text_of(step)
    step["source"] = "def step(value, velocity, gradient):\n    raise NotImplementedError"


def class_in_pieces(notebook):
    """A method is put on the class in a cell below."""
    cell = cell_of(notebook, "RunningMean")
    cell["source"] = (
        "class RunningMean:\n    def __init__(self):\n        self.all = []\n"
        "    def add(self, x):\n        self.all.append(x)"
    )
    notebook["cells"].insert(
        index_of(notebook, "RunningMean") + 1,
        code("def mean(self):\n    return sum(self.all) / len(self.all)\nRunningMean.mean = mean"),
    )


HARMLESS = [
    duplicated_below,
    duplicated_above,
    split,
    split_inside,
    unmarked,
    moved,
    retyped,
    with_magics,
    with_play,
    with_helper,
    in_another_cell,
    class_in_pieces,
]


@pytest.mark.parametrize("change", HARMLESS, ids=lambda change: change.__name__)
def test_what_a_student_does_to_cells_costs_no_point(lines, change):
    notebook = lines.notebook()
    change(notebook)
    assert lines.points(notebook) == FULL
    mended, _ = lines.mended(notebook)
    assert lines.points(mended) == FULL


def broken_cell(notebook):
    cell_of(notebook, "step")["source"] = "def step(value, velocity, gradient:\n    return value"


def deleted_cell(notebook):
    notebook["cells"].pop(index_of(notebook, "step"))


def wrong_name(notebook):
    cell_of(notebook, "step")["source"] = "def steps(value, velocity, gradient):\n    return value"


@pytest.mark.parametrize("change", [broken_cell, deleted_cell, wrong_name], ids=lambda change: change.__name__)
def test_what_is_lost_in_one_cell_costs_that_exercise_alone(lines, change):
    notebook = lines.notebook()
    change(notebook)
    assert lines.points(notebook) == FULL | {"step": 0}


def test_a_cell_that_is_no_python_says_so_where_its_function_is_called(lines):
    notebook = lines.notebook()
    broken_cell(notebook)
    assert (
        "raise SyntaxError(\"the cell that defines step, line 1: '(' was never closed\")"
        in (modules_of(notebook, lines.layout).work.sources["lines"])
    )
    assert lines.problems(notebook) == ["the cell of step: line 1: '(' was never closed"]


def test_only_what_is_used_goes_into_a_module(lines):
    notebook = lines.notebook()
    with_play(notebook)
    text = modules_of(notebook, lines.layout).work.sources["lines"]
    assert "matplotlib" not in text
    assert "undefined_name" not in text
    assert "while True" not in text


def test_a_variable_of_the_notebook_is_no_part_of_a_function_that_calls_its_argument_so(lines):
    notebook = lines.notebook()
    notebook["cells"].append(code("x = np.ones(3)\ny, slope = load(x), undefined"))
    assert lines.points(notebook) == FULL


def test_each_module_stands_for_itself():
    """Of two modules one uses the other: each has what it needs, and a name that both define is its own."""
    root = TINY.parents[2]
    course = load_course(root)
    layout = layout_of(course, course.lesson("lesson5"))
    work = submitted(notebook_of(course, layout), layout).work
    assert "def linear_backward" in work.sources["backprop"]
    assert work.sources["columns"].count("def sigmoid_derivative") == 1
    for module, text in work.sources.items():
        compile(text, module, "exec")


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"not json",
        b"[]",
        b"{}",
        b'{"cells": 3}',
        b"\xff\xfe",
        b'{"worksheets": []}',
        b"[" * 100_000,
        b" " * (MAX_NOTEBOOK + 1),
    ],
    ids=["empty", "text", "list", "no cells", "cells", "utf-16", "format 3", "deep", "large"],
)
def test_what_is_no_notebook_is_a_sentence(lines, data):
    found = submitted(data, lines.layout)
    assert set(found.work.problems) == {"lines"}
    assert found.problems[0].sentence.endswith((".", "again."))


@pytest.mark.parametrize(
    "cell",
    [
        None,
        3,
        {},
        {"cell_type": "code"},
        {"cell_type": ["code"], "source": "x = 1", "metadata": []},
        {"cell_type": "code", "source": 5, "metadata": {"nbgrader": 3}},
        {"cell_type": "code", "source": [1], "metadata": {"nbgrader": {"grade_id": ["fit"]}}},
        {"cell_type": "code", "source": "(" * 5_000, "metadata": {}},
        {"cell_type": "code", "source": "-" * 100_000 + "1", "metadata": {}},
        {"cell_type": "code", "source": "x = " + "a." * 50_000 + "b", "metadata": {}},
        {"cell_type": "code", "source": "x = '\\d'\0", "metadata": {}},
        {"cell_type": "code", "source": "x = '\ud800'", "metadata": {}},
        {"cell_type": "code", "source": "from numpy import *", "metadata": {}},
        {
            "cell_type": "code",
            "source": "x = 1; y = 2; del x",
            "metadata": {"nbgrader": {"grade_id": "fit", "points": "many"}},
        },
    ],
    ids=repr,
)
def test_a_strange_cell_hurts_no_other(lines, cell):
    notebook = lines.notebook()
    notebook["cells"].append(cell)
    assert lines.points(notebook) == FULL
    mended, _ = lines.mended(notebook)
    assert lines.points(mended) == FULL


def test_nothing_of_a_notebook_is_run(lines, tmp_path):
    trace = tmp_path / "trace"
    notebook = lines.notebook()
    notebook["cells"].append(code(f"open({str(trace)!r}, 'w')\nx = open({str(trace)!r}, 'w')"))
    assert lines.points(notebook) == FULL
    assert not trace.exists()


def test_mending_marks_each_cell_once_as_it_was_released(lines):
    notebook = lines.notebook()
    duplicated_below(notebook)
    notebook["cells"].append(copy.deepcopy(cell_of(notebook, "line-hidden")))
    notebook["cells"].pop(index_of(notebook, "step-hidden"))
    cell_of(notebook, "fit-hidden")["metadata"]["nbgrader"]["points"] = 200
    cell_of(notebook, "RunningMean-text")["cell_type"] = "code"
    del cell_of(notebook, "shuffled")["metadata"]["nbgrader"]
    cells, problems = mend(notebook, lines.plan)
    marks = [cell["metadata"]["nbgrader"] for cell in cells if grade_id_of(cell)]
    assert {mark["grade_id"]: mark for mark in marks} == {
        one.grade_id: one.cell["metadata"]["nbgrader"] for one in lines.plan
    }
    assert len(marks) == len(lines.plan)
    assert all(cell["metadata"].get("nbgrader") != {} for cell in cells)
    names = [grade_id_of(cell) for cell in cells]
    assert names.index("step-hidden") == names.index("step-public") + 1
    assert sorted(one.sentence for one in problems) == [
        "the cell RunningMean-text was turned into code; it is markdown again",
        "the cell fit is there 2 times",
        "the cell line-hidden is there 2 times",
        "the cell shuffled is gone; its mark is put back",
        "the cell step-hidden is gone; it is put back",
    ]


@pytest.mark.parametrize("change", [duplicated_below, duplicated_above], ids=lambda change: change.__name__)
def test_of_two_copies_the_answer_keeps_the_mark(lines, change):
    notebook = lines.notebook()
    answer = text_of(cell_of(notebook, "fit"))
    change(notebook)
    cells, _ = mend(notebook, lines.plan)
    assert text_of(cell_of({"cells": cells}, "fit")) == answer


def test_mending_leaves_an_honest_notebook_alone(lines):
    notebook = lines.notebook()
    cells, problems = mend(copy.deepcopy(notebook), lines.plan)
    assert problems == []
    assert [text_of(cell) for cell in cells] == [text_of(cell) for cell in notebook["cells"]]


def test_mending_does_not_write_what_the_student_wrote(lines):
    notebook = lines.notebook()
    for name, text in WRONG.items():
        cell_of(notebook, name)["source"] = text
    cells, _ = mend(notebook, lines.plan)
    assert all(text_of(cell_of({"cells": cells}, name)) == text for name, text in WRONG.items())


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ('q = {"a": "b d", "n": 2.5, "m": [1, 2]}', {"a": "b d", "n": "2.5", "m": "1, 2"}),
        ('q = {"a": f"{1}"}', "q is no dict of texts."),
        ("q = dict(a=1)", "q is no dict of texts."),
        ("q = [1]", "q is no dict of texts."),
        ("q = {'a': ", "The cell of q is not valid Python."),
        ("r = {'a': 'b'}", "There is no cell with q = {...} in it."),
        ('q = {"a": "x\\x00\\x7f\\"\\n[evil]"}', {"a": 'x"[evil]'}),
    ],
)
def test_answers_to_a_quiz_are_read_and_never_run(text, wanted):
    assert read_answers([text], "q") == wanted


def test_answers_become_a_file_that_is_read_as_a_students_is():
    from nnedu.course.answers import read_answers as read_file

    data = answers_file({"q": answers_in({"a": 'x"\\', "n": 3}, "q"), "r": "said"})
    assert read_file(data).given == {"q": {"a": 'x"\\', "n": "3"}}
    assert answers_file({"q": {"a": ""}}) is None
    assert answers_file({"q": "There is none."}) == "answers.toml: There is none."


def test_statements_that_share_a_line_stay_together():
    parsed = parse(Found(0, "a = 1; b = 2\nc = a"))
    assert [one.text for one in parsed.statements] == ["a = 1; b = 2", "c = a"]
