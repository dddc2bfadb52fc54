"""Pictures: every plot of the course is drawn with the solutions, and a hostile text is only a text."""

import io
from pathlib import Path
from xml.etree import ElementTree as ET

import numpy as np
import pytest
from matplotlib import image

from nnedu.checking import Curves, Images, Matrix, Regions
from nnedu.course import load_course
from nnedu.reporting.plots import DPI, FORMATS, WIDTH, draw
from nnedu.running.plots import Picture, load_plots, take_picture
from nnedu.running.work import Work

ROOT = Path(__file__).parents[2]
COURSE = load_course(ROOT)
PLOTTED = [one for one in COURSE.lessons if (one.graders_folder / "plots.py").is_file()]
HOSTILE = "$x_{$ \\frac <b>&\n\x1b[2J"
PANELS = (
    Images(HOSTILE, np.arange(48.0).reshape(3, 4, 4) - 20.0, [HOSTILE] * 3, marked=[1], signed=True, value=HOSTILE),
    Matrix(HOSTILE, np.eye(3), [HOSTILE] * 3, [HOSTILE] * 3, HOSTILE, HOSTILE, HOSTILE, numbers=True),
    Curves(HOSTILE, np.arange(1.0, 4.0), {HOSTILE: np.arange(1.0, 4.0), "b": np.ones(3)}, HOSTILE, HOSTILE, log=True),
    Regions(
        HOSTILE,
        np.linspace(-1.0, 1.0, 30).reshape(5, 6),
        (0.0, 1.0, 0.0, 1.0),
        np.full((4, 2), 0.5),
        np.array([0, 1, 0, 1]),
        HOSTILE,
        names=(HOSTILE, HOSTILE),
        axes=(HOSTILE, HOSTILE),
    ),
)


@pytest.mark.parametrize("lesson", PLOTTED, ids=lambda one: one.id)
def test_every_plot_of_the_course_is_drawn_with_its_solution(lesson):
    """Each is a picture with ink on it."""
    submission = Work(lesson.solution_sources()).open(COURSE.imports)  # whose worker has one thread, as a student's
    try:
        made = [take_picture(one, submission, lesson.modules) for one in load_plots(lesson.graders_folder)]
    finally:
        submission.close()
    assert [one for one in made if not isinstance(one, Picture)] == []
    pixels = image.imread(io.BytesIO(draw(lesson.title, [(one.title, one.panels) for one in made], "png")))
    assert pixels.shape[1] == round(WIDTH * DPI)
    assert (pixels[..., :3].mean(axis=2) < 0.9).mean() > 0.01


def test_the_lessons_that_show_what_was_built_are_there():
    """The projects of the course that end in something to look at."""
    assert {"lesson10_transformers", "lesson14_digits"} <= {one.id for one in PLOTTED}


@pytest.mark.parametrize("panel", PANELS, ids=lambda one: type(one).__name__)
def test_a_hostile_text_is_drawn_as_it_stands(panel):
    """No formula, no markup, no line of its own, in every format; the same bytes each time."""
    for form in FORMATS:
        assert draw(HOSTILE, [(HOSTILE, [panel]), ("again", [panel, panel])], form)
    first, second = (draw(HOSTILE, [(HOSTILE, [panel])], "svg") for _ in range(2))
    assert first == second
    assert ET.fromstring(first).tag.endswith("svg")  # noqa: S314 - drawn here
    assert b"<b>" not in first


def test_a_table_of_zeros_and_images_of_nothing_are_drawn():
    """There is no largest number to stand for the darkest shade."""
    names = ["a", "b"]
    empty = Matrix("t", np.zeros((2, 2)), names, names, "r", "c", "v", numbers=True)
    assert draw("t", [("zeros", [empty, Images("t", np.zeros((1, 2, 2)), ["c"])])], "png")


@pytest.mark.parametrize("value", [1e100, -1e100, 1e-300, -1.0, 0.0])
def test_extreme_and_equal_numbers_are_drawn(value):
    """Whatever a panel takes, matplotlib draws, and warns of nothing."""
    names, square = ["a", "b"], np.full((2, 2), value)
    rest = (Images("t", square[None], ["c"], signed=True, value="v"), Images("t", square[None], ["c"]))
    curves = tuple(
        Curves("t", np.arange(2.0), {"a": np.array([value, 0.0])}, "x", "y", log=log) for log in (True, False)
    )
    tables = tuple(Matrix("t", square, names, names, "r", "c", "v", numbers=numbers) for numbers in (True, False))
    region = Regions("t", square, (0.0, 1.0, 0.0, 1.0), np.array([[value, 0.5]]), np.array([0]), "v")
    assert draw("t", [("a", rest), ("b", curves), ("c", tables), ("d", (region,))], "png")
