"""Plots of a lesson: which functions are plots, what comes of them, and what is a fault of the course."""

import numpy as np
import pytest

from nnedu.checking import Curves, Images, Matrix, Regions
from nnedu.errors import CourseFault
from nnedu.running.plots import Missing, Picture, Plot, load_plots, take_picture

HEAD = '"""Plots."""\nimport numpy as np\nfrom nnedu.checking import Curves, assert_array\n'


def curve(y):
    return Curves("a curve", np.arange(3.0), {"y": y}, "x", "y")


def written(folder, text):
    (folder / "plots.py").write_text(HEAD + text, "utf-8")
    return folder


def test_public_functions_are_plots_in_their_order(tmp_path):
    """What is imported or private is none; a folder without plots.py has none."""
    assert load_plots(tmp_path) == ()
    first = 'def z(student, rng):\n    "last letter"\ndef _no(): pass\n'
    text = first + 'def a(student, rng):\n    """First line.\n\n    More.\n    """\n'
    found = load_plots(written(tmp_path, text))
    assert [(one.name, one.title) for one in found] == [("z", "last letter"), ("a", "First line")]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "has no public function, so it plots nothing"),
        ("def p(student):\n    'a title'\n", r"p should take \(student, rng\)"),
        ("def p(student, rng): pass\n", "have a docstring, which a student reads"),
        ("1 / 0\n", "cannot be read: ZeroDivisionError: division by zero"),
        ("import nothing_of_this_name\n", "cannot be read: ModuleNotFoundError"),
    ],
)
def test_a_file_that_plots_nothing_is_a_fault_of_the_course(tmp_path, text, said):
    """Said with its path."""
    with pytest.raises(CourseFault, match=said) as caught:
        load_plots(written(tmp_path, text))
    assert str(tmp_path / "plots.py") in caught.value.sentence


def test_a_picture_knows_what_was_asked(opened):
    """The functions of all modules, each once, and the class that an object came from."""
    source = "def f(x): return 2.0 * x\nclass Box:\n    def get(self): return 3.0\n"
    player = opened(source, n="def g(): return 1.0\n")

    def run(student, rng):
        box = student.m.Box()
        return curve(np.array([student.m.f(1.0), student.n.g(), box.get() + student.m.f(0.0)]))

    made = take_picture(Plot("p", "a title", run), player, ["m", "n"])
    assert isinstance(made, Picture)
    assert made.asked == (("m", "Box"), ("m", "f"), ("n", "g"))
    assert made.panels[0].lines["y"].tolist() == [2.0, 1.0, 3.0]


def test_a_method_that_fails_is_put_down_to_its_class(opened):
    """Objects have no name that could be checked."""
    player = opened("class Box:\n    def get(self): raise NotImplementedError\n")
    made = take_picture(Plot("p", "t", lambda student, rng: student.m.Box().get()), player, ["m"])
    assert isinstance(made, Missing)
    assert made.asked == ("m", "Box")
    assert "still raises NotImplementedError, at m.py:2" in made.why


def test_the_same_draws_each_time(opened):
    """A picture changes only with the code."""
    plot = Plot("p", "t", lambda student, rng: curve(rng.random(3)))
    first, second = (take_picture(plot, opened(""), ["m"]) for _ in range(2))
    assert first.panels[0].lines["y"].tolist() == second.panels[0].lines["y"].tolist()


@pytest.mark.parametrize("made", [None, (), (1,), "a picture", [curve(np.ones(3))]])
def test_what_is_no_panel_is_a_fault_of_the_course(opened, made):
    """A plot returns panels, or a tuple of them."""
    with pytest.raises(CourseFault, match="The plot p should return Images, Matrix, Curves or Regions"):
        take_picture(Plot("p", "t", lambda student, rng: made), opened(""), ["m"])


def test_an_unknown_module_is_a_fault_of_the_course(opened):
    """As is any slip of the author."""
    with pytest.raises(CourseFault, match=r"The plot p \(plots.py:\d+\): AttributeError: lines"):
        take_picture(Plot("p", "t", lambda student, rng: student.lines.f()), opened(""), ["m"])


PIXELS = np.zeros((2, 4, 4))
SQUARE = np.zeros((2, 2))
WRONG = [
    lambda: curve(np.ones(4)),
    lambda: curve([1.0, 2.0, 3.0]),
    lambda: curve(np.array(["a", "b", "c"])),
    lambda: Images("t", PIXELS, ["one"]),
    lambda: Images("t", PIXELS[0], ["one"]),
    lambda: Images("t", PIXELS[:0], []),
    lambda: Matrix("t", SQUARE, ["a"], ["a", "b"], "r", "c", "v"),
    lambda: Matrix("t", np.zeros((2000, 2000)), ["a"] * 2000, ["b"] * 2000, "r", "c", "v"),
    lambda: Regions("t", SQUARE, (0, 1, 0, 1), np.zeros((3, 3)), np.zeros(3, dtype=int), "v"),
    lambda: Regions("t", SQUARE, (0, 1, 0, 1), np.zeros((3, 2)), np.zeros(4, dtype=int), "v"),
]


@pytest.mark.parametrize("make", WRONG)
def test_what_cannot_be_drawn_is_refused_where_it_is_made(make):
    """Not by matplotlib, later and in its own words."""
    with pytest.raises(CourseFault, match="The plot '"):
        make()


@pytest.mark.parametrize("value", [np.nan, np.inf, -1e200])
def test_a_number_that_comes_of_a_student_is_no_fault_of_the_course(opened, value):
    """Not even where the plot itself made it, of a large one; and numpy's warnings are nobody's business."""
    player = opened(f"def f(): return {'float(' + repr(str(value)) + ')'}\n")
    made = take_picture(Plot("p", "t", lambda student, rng: curve(np.full(3, student.m.f()) ** 3)), player, ["m"])
    assert isinstance(made, Missing)
    assert (made.why, made.asked) == (
        "There are numbers to draw that are not finite, or larger than 1e+100.",
        ("m", "f"),
    )
