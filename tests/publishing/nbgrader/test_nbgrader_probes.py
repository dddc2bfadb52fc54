"""Students who want more than they have earned, break their notebooks, or never end: nobody else's marks move.

The probes are those that nbgrader was measured with: docs/nbgrader.md.
"""

import ast
import json
import re
import shutil
import sqlite3

import pytest
from nbgrader_class import LINES, WRONG, NbgraderClass, cell_of, text_of

from nnedu.publishing.nbgrader.gradebook import read_scores

FULL = 18
HONEST = "zoe"


def everywhere(top, inside):
    """Return all answers wrong, with some code on the level of the notebook and in each function."""

    def smuggled(text):
        head = re.compile(r"^( *)(def \w+\([^)]*\):)", re.MULTILINE)
        whole = f"{top}\n\n\n" + head.sub(lambda found: f"{found[0]}\n{found[1]}    {inside}", text)
        ast.parse(whole)  # a probe that is no Python would prove nothing
        return whole

    return {name: smuggled(text) for name, text in WRONG.items()}


EQUAL = """class Yes(np.ndarray):
    def __eq__(self, other): return np.ones((), bool)
    def __array_ufunc__(self, *args, **kwargs): return np.zeros(3).view(Yes)
    def __float__(self): return 0.0
"""
ASSERTS = """import numpy.testing
for _name in dir(np.testing):
    if _name.startswith('assert_'): setattr(np.testing, _name, lambda *a, **k: None)
"""
WARNING = """def line(x, slope, intercept):
    np.log(np.zeros(1))
    return slope * np.asarray(x, dtype=float) + intercept
"""
BLANKER = "get_ipython().input_transformers_cleanup.append(lambda lines: ['\\n'])"


def forger(database):
    update = f"__import__('sqlite3').connect({str(database)!r})"
    forged = "update grade set manual_score=0, extra_credit=9"
    commit = f"[c.execute({forged!r}) and c.commit() for c in [{update}]]"
    return everywhere(f"_ = {commit}", commit)


@pytest.fixture(scope="module")
def probed(released, tmp_path_factory, quick_tiny):
    """Grade all of them, an honest student first and last, with nbgrader's own command."""
    root = tmp_path_factory.mktemp("probes") / "class"
    shutil.copytree(released.root, root)
    klass = object.__new__(NbgraderClass)
    klass.__dict__ |= vars(released) | {"root": root}
    klass.export()
    shutil.rmtree(klass.folder / "submitted", ignore_errors=True)
    shutil.rmtree(klass.folder / "autograded", ignore_errors=True)
    database = klass.folder / "gradebook.db"
    reading = "open('../../../gradebook.db', 'rb').read(); open('/proc/self/environ', 'rb').read()"
    answers = {
        "p1": WRONG | {"line": EQUAL + "\ndef line(x, slope, intercept):\n    return np.zeros(3).view(Yes)"},
        "p2": everywhere(ASSERTS, "exec(" + repr(ASSERTS) + ", globals())"),
        "p3": everywhere(BLANKER, BLANKER),
        "p4": everywhere(f"_data = [{reading.replace(';', ',')}]", reading),
        "p5": forger(database),
        "warns": {"line": WARNING},
        "exits": {"step": "def step(value, velocity, gradient):\n    import os; os._exit(0)"},
        "loops": {"step": "def step(value, velocity, gradient):\n    while True: pass"},
    }
    rest = text_of(next({"source": cell.source} for cell in klass.layout.cells if cell.grade_id == "line"))
    answers["warns"]["line"] += "\n" + rest[rest.index("\n\nfrom functools") :].replace("    ### END SOLUTION", "")
    for student, given in answers.items():
        klass.hand_in(student, klass.answered(given))
    for student in ("aa", HONEST):
        klass.hand_in(student, klass.answered())
    broken(klass)
    done = klass.run("autograde", LINES, check=False)
    (root / "log").write_text(done.stdout + done.stderr, "utf-8")
    return klass


def broken(klass):
    """Hand in notebooks that stock nbgrader stops at, for itself or for everybody after them."""
    twice = klass.answered()
    twice["cells"] += [json.loads(json.dumps(cell)) for cell in twice["cells"] if cell["metadata"].get("nbgrader")]
    klass.hand_in("bob-twice", twice)
    empty = klass.answered()
    cell_of(empty, "fit")["metadata"]["nbgrader"] = {}
    klass.hand_in("bob-empty", empty)
    old = klass.answered()
    cell_of(old, "fit")["metadata"]["nbgrader"]["schema_version"] = 1
    klass.hand_in("bob-old", old)
    gone = klass.answered()
    gone["cells"] = [cell for cell in gone["cells"] if not cell["metadata"].get("nbgrader", {}).get("grade")]
    klass.hand_in("bob-untested", gone)
    text = klass.answered()
    cell = cell_of(text, "step")
    cell["cell_type"] = "markdown"
    del cell["outputs"], cell["execution_count"]
    klass.hand_in("bob-text", text)
    more = klass.answered(WRONG)
    for cell in more["cells"]:
        if cell["metadata"].get("nbgrader", {}).get("grade"):
            cell["metadata"]["nbgrader"]["points"], cell["source"] = 200, "200.0"
    klass.hand_in("bob-more", more)
    klass.hand_in("bob-damaged", "{not a notebook")


@pytest.fixture(scope="module")
def marks(probed):
    found = {}
    for one in read_scores(probed.database, LINES):
        found.setdefault(one.student, {})[one.exercise] = one
    return found


def total(marks, student):
    return sum(one.points for one in marks[student].values())


@pytest.mark.parametrize("student", ["p1", "p2", "p3", "p4", "p5", "bob-more"])
def test_nobody_gets_a_point_that_is_not_earned(marks, student):
    assert total(marks, student) == 0


@pytest.mark.parametrize("student", ["aa", HONEST])
def test_nobody_else_s_marks_move(probed, marks, student):
    assert total(marks, student) == FULL
    with sqlite3.connect(probed.folder / "gradebook.db") as database:
        [(touched,)] = database.execute("select count(*) from grade where manual_score is not null or extra_credit > 0")
    assert touched == 0


def test_a_numpy_warning_costs_nothing_and_is_said(probed, marks):
    assert total(marks, "warns") == FULL
    text = "".join(cell_of(probed.graded("warns"), "line-hidden")["outputs"][0]["text"])
    assert "numpy warned: " in text


@pytest.mark.parametrize("student", ["exits", "loops"])
def test_what_ends_or_never_ends_costs_its_own_exercise(probed, marks, student):
    assert {name: one.points for name, one in marks[student].items() if one.points < one.max_points} == {"step": 0.0}
    text = "".join(cell_of(probed.graded(student), "step-hidden")["outputs"][0]["text"])
    assert ("stopped" if student == "loops" else "os._exit") in text


@pytest.mark.parametrize("student", ["bob-twice", "bob-empty", "bob-old", "bob-untested", "bob-text"])
def test_a_notebook_with_broken_cells_is_mended_and_graded(marks, student):
    assert total(marks, student) == FULL


def test_what_is_no_notebook_is_named_and_stops_nobody(probed, marks):
    assert "bob-damaged" in (probed.root / "log").read_text("utf-8")
    assert not (probed.folder / "autograded" / "bob-damaged" / LINES).exists()
    assert total(marks, HONEST) == FULL


def test_no_output_of_a_student_holds_a_check_or_another_s_work(probed):
    solution = (probed.course / "solutions" / LINES / "lines.py").read_text("utf-8")
    secret = next(line.strip() for line in solution.splitlines() if "_centred(x) @" in line)
    for student in ("p1", "p2", "p3", "p4", "p5"):
        outputs = [cell.get("outputs", []) for cell in probed.graded(student)["cells"]]
        assert secret not in json.dumps(outputs)
        assert "SQLite format" not in json.dumps(outputs)
