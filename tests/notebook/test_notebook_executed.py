"""A real notebook in a real kernel: what `%check`, `%%check`, `%hint` and `check()` show."""

import re
import shutil
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path

import pytest

from nnedu.course import load_course
from nnedu.outcome import LessonOutcome
from nnedu.publishing.build import build
from nnedu.publishing.bundle import Bundle, contents
from nnedu.reporting.terminal import Style, closing, exercise_lines
from nnedu.running.bench import Bench
from nnedu.running.collect import collect
from nnedu.running.evidence import Recorded, local_submission

TINY = Path(__file__).parents[1] / "courses" / "tiny"
WRONG = "def fit(x, y):\n    return 1.0, 2.0"
HOSTILE = """
def line(x, slope, intercept):
    print("\\x1b[31m<script>alert(1)</script>")
    raise ValueError("<img src=x onerror=alert(2)>&amp;\\x07 ::set-output name=a::b")
"""


@pytest.fixture(scope="module")
def cells(bundles):
    place = f"--from {bundles}"
    return {
        "load": "%load_ext nnedu",
        "define": "import numpy as np\nimport warnings\n\n\ndef line(x, slope, intercept):\n    print('in line')\n"
        "    warnings.warn('odd')\n    return slope * np.asarray(x, dtype=float) + intercept\n\n\n" + WRONG,
        "pass": f"%check line {place}",
        "fail": f"%check lesson1/fit {place}",
        "undefined": f"%check step {place}",
        "all": f"%check lesson1 {place}",
        "stub": f"%%check shuffled {place}\ndef shuffled(values, rng):\n    raise NotImplementedError",
        "raises": f"%%check step {place}\n\ndef step(value, velocity, gradient):\n    return value @ 2, nothing",
        "raises again": f"%check step {place}",
        "not python": f"%%check step {place}\ndef step(value, velocity, gradient):\n    return (value",
        "stops": f"%%check step {place}\nraise RuntimeError",
        "function": f"import nnedu.notebook\nreport = nnedu.notebook.check('lesson1/fit', source='{bundles}')\nreport",
        "facts": "print(report.complete, report.outcome.points)",
        "given": f"nnedu.notebook.check('fit', {{}}, source='{bundles}')",
        "hostile": f"%%check line {place}{HOSTILE}",
        "hint": f"%hint step {place}",
        "another hint": f"%hint step {place}",
        "misspelt": f"%check lin {place}",
        "unheard of": f"%check zzzzzz {place}",
        "misspelt part": f"%check lesson1/stepp {place}",
        "nothing": "%check",
        "nowhere": "%check line --from nowhere",
        "no path": "%check line --from",
        "unpaired": "%check 'line",
    }


@pytest.fixture(scope="module")
def ran(execute, cells):
    return dict(zip(cells, execute(cells.values()), strict=True))


class Page(HTMLParser):
    """What a browser would make of a fragment: its elements, their attributes, and its text."""

    def __init__(self, html):
        super().__init__()
        self.tags, self.attributes, self.said = [], [], ""
        self.feed(html.partition("</style>")[2])

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes += attrs

    def handle_data(self, data):
        self.said += f"{data}\n"


def test_nothing_is_raised_or_written_but_by_the_student(ran):
    assert {name for name, one in ran.items() if one.raised} == {"stops"}
    assert {name for name, one in ran.items() if one.streams} == {"facts"}


def test_what_is_right(ran):
    assert "✓ line                     3 checks" in ran["pass"].text
    assert ran["pass"].text.endswith("Next:  %check lesson1")


def test_what_is_wrong_has_the_words_of_the_terminal(ran, bundles, tmp_path):
    """All of it but where it stands, and what to type."""
    for name, data in contents((bundles / "lesson01_lines.zip").read_bytes()).items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(data)
    bundle = Bundle(tmp_path)
    source = load_course(TINY).lesson("lines").solution_sources()["lines"]
    source = source[: source.index("def fit")] + WRONG + source[source.index("\n\ndef slope_gradient") :]
    bench = Bench("lesson01_lines", collect(bundle.graders, ["lines"]), Recorded(bundle.traces, ()))
    fit = bench.examine(local_submission({"lines": source}, frozenset({"numpy", "functools"})), only="fit").exercises
    outcome, style = LessonOutcome("lesson01_lines", fit), Style()
    wanted = [*exercise_lines(fit, style), *closing(outcome, ".", style, whole=False).splitlines()]
    wanted = [line for line in wanted if "lines.py" not in line and "nnedu" not in line]
    assert len(wanted) > 6
    assert [line for line in wanted if line not in ran["fail"].text.splitlines()] == []
    assert "fit   cell 2:11" in ran["fail"].text
    assert ran["fail"].text.endswith("Next:  %hint lesson1/fit")


def test_html_says_what_the_text_says(ran):
    """Every word of it: who cannot see the one, or the other, misses nothing."""
    for name in ("pass", "fail", "all", "raises", "stub", "misspelt", "hint"):
        said = re.findall(r"\w+", Page(ran[name].html).said)
        assert [word for word in re.findall(r"\w+", ran[name].text) if word not in said] == [], name


def test_what_is_not_there_or_not_written(ran):
    assert "· step                     not defined in this notebook" in ran["undefined"].text
    assert ran["undefined"].text.endswith("Next:  write step in a cell, then  %check lesson1/step")
    assert "· shuffled                 not started" in ran["stub"].text
    assert ran["stub"].text.endswith("Next:  write shuffled in cell 7, then  %check lesson1/shuffled")


def test_a_whole_lesson(ran):
    text = ran["all"].text
    assert [line.split()[1] for line in text.splitlines()[2:8]] == [
        *("line", "fit", "slope_gradient", "step", "shuffled", "RunningMean")
    ]
    assert "1 of 6 exercises done, 4 of 15 points." in text
    assert "3 more points are in checks that run when it is graded." in text
    assert "  | line printed:\n  |   in line\n" in text
    assert "line: numpy warned: cell 2:7: odd" in text


@pytest.mark.parametrize(("name", "cell"), [("raises", 8), ("raises again", 8), ("not python", 10)])
def test_lines_are_counted_as_the_notebook_shows_them(ran, name, cell):
    """With the line of %%check, which IPython takes away."""
    assert f"cell {cell}:{3 if name == 'not python' else 4}" in ran[name].text
    assert f"mend cell {cell}, then  %check lesson1/step" in ran[name].text


def test_a_cell_that_is_not_python(ran):
    assert "'(' was never closed" in ran["not python"].text
    assert "cell 10:3 is not valid Python" in ran["not python"].text


def test_a_cell_that_raises_is_not_checked(ran):
    assert ran["stops"].raised == "RuntimeError"
    assert ran["stops"].text == "The cell raised RuntimeError, so nothing was checked."


def test_nothing_of_a_student_is_obeyed(ran):
    page = Page(ran["hostile"].html)
    assert not {"script", "img", "iframe", "link", "a", "form"} & set(page.tags)
    assert not [name for name, value in page.attributes if name.startswith("on") or "javascript:" in (value or "")]
    assert "<img src=x onerror=alert(2)>&amp;" in page.said
    assert "<script>alert(1)</script>" in page.said
    for text in (ran["hostile"].text, ran["hostile"].html):
        assert not [c for c in text if not c.isprintable() and c != "\n"]


def test_every_state_is_said_in_words_and_the_signs_are_not(ran):
    page = ran["fail"].html
    assert '<span class="failed" aria-hidden="true">✗</span>' in page
    assert '<span class="said">not yet: </span>' in page
    assert 'role="group" aria-label="nnedu check of lesson1"' in page


def test_the_function_is_the_same(ran):
    assert ran["function"].text == ran["fail"].text
    assert ran["facts"].streams == "False 0\n"
    assert "not defined in this notebook" in ran["given"].text


def test_hints(ran):
    assert ran["hint"].text.startswith("step, hint 1 of ")
    assert ran["another hint"].text != ran["hint"].text


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("misspelt", "There is no lesson or exercise 'lin'.\nDid you mean line or lines?"),
        ("unheard of", "There is no lesson or exercise 'zzzzzz'.\nKnown: lesson1, lesson2."),
        ("misspelt part", "lesson01_lines has no exercise or module 'stepp'.\nDid you mean step?"),
        ("nowhere", "nowhere is not there."),
        ("no path", "--from names a bundle, or a folder of them."),
        ("nothing", "Name one thing to check."),
        ("unpaired", "'line cannot be read: No closing quotation."),
    ],
)
def test_what_cannot_be_checked_is_a_sentence_with_a_next_step(ran, name, text):
    assert ran[name].text.startswith(text)
    assert "\n" in ran[name].text


def test_an_exercise_of_two_lessons_has_to_be_said(execute, bundles, tmp_path):
    shutil.copytree(TINY, tmp_path / "course", ignore=shutil.ignore_patterns("__pycache__"))
    course = tmp_path / "course"
    for tree in ("exercises", "solutions", "graders"):
        shutil.copytree(course / tree / "lesson02_sums", course / tree / "lesson03_sums")
    with (course / "course.toml").open("a") as file:
        file.write('\n[[lesson]]\nfolder = "lesson03_sums"\ntitle = "More"\nmodules = ["sums"]\n')
    for lesson in (loaded := load_course(course)).lessons:
        (tmp_path / f"{lesson.id}.zip").write_bytes(build(loaded, lesson))
    sources = ["%load_ext nnedu", f"%check total --from {tmp_path}", f"%check lesson3/total --from {tmp_path}"]
    _, both, one = execute(sources)
    said = "There is a total in lesson2 and in lesson3.\nSay which: %check lesson2/total  or  %check lesson3/total"
    assert both.text == said
    assert "Lesson 3" in one.text


def test_the_lessons_of_a_workspace_come_first(execute, bundles, tmp_path):
    command = [sys.executable, "-m", "nnedu", "fetch", "lesson1", "--from", str(bundles)]
    subprocess.run(command, cwd=tmp_path, check=True, capture_output=True)
    _, one = execute(["%load_ext nnedu", "%check lesson1/slope_gradient"], folder=tmp_path)
    assert one.text.startswith("Lesson 1  Straight lines")


def test_the_lessons_that_came_with_nnedu(execute):
    sources = [
        "%load_ext nnedu",
        "%%check relu_derivative\ndef relu_derivative(Z):\n    return 1",
        "%check lesson3/relu",
    ]
    _, one, other = execute(sources)
    assert one.text.startswith("Lesson 3")
    assert "relu_derivative   cell 2:2" in one.text
    assert "not defined in this notebook" in other.text


def test_importing_nnedu_costs_nothing():
    code = (
        "import sys, nnedu, nnedu.notebook\n"
        "print([name for name in sys.modules if name.startswith(('numpy', 'IPython', 'nnedu'))])"
    )
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert done.stdout == "['nnedu', 'nnedu.notebook']\n"


def test_without_a_notebook_it_says_what_to_give():
    code = "import nnedu.notebook; nnedu.notebook.check('line')"
    done = subprocess.run([sys.executable, "-c", code], check=False, capture_output=True, text=True)
    assert "There is no notebook here whose functions could be checked.\nGive what is defined" in done.stderr
