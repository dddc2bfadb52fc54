"""The README of each lesson teaches what it should, and its figures are all there, named, described and small."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
LESSONS = sorted(path.name for path in (ROOT / "exercises").iterdir() if path.is_dir())
DRAWN = ROOT / "docs" / "figures"
FIGURE = re.compile(r"!\[(.*?)\]\((.*?)\)", re.DOTALL)
PARTS = ("the idea", "what goes wrong in practice", "what to read")
MAX_BYTES = 60_000
SHORTEST = 60


# Numbers of the worked examples that a public check of the lesson asks for, as they stand in both.
WORKED = {
    "lesson01_neuron": ("2.3", "0.47, -0.35, 0.58"),
    "lesson02_perceptron": ("[2, 2, 1, 0]",),
    "lesson03_activations": ("0.2424", "0.0986"),
    "lesson04_forward": ("0.719", "0.3406"),
    "lesson05_backpropagation": ("0.39", "[0.5, -0.2]"),
    "lesson06_optimizers": ("0.806782",),
    "lesson07_regularization": ("2.525", "-0.048"),
    "lesson08_convolution": ("0.5, 1.5, 4.5", "4.5, 0.5, 4.5"),
    "lesson09_recurrent": ("0.761594", "0.615"),
    "lesson10_transformers": ("1.5, 8.5", "-0.425, 0.6, -0.175", "0.75, 0.25, 2"),
    "lesson11_training": ("0.5005", "-0.5, 1.4, 0.5"),
    "lesson12_frameworks": ("2.4", "log 4"),
    "lesson13_interpretation": ("0.25, 0.75", "4.375"),
    "lesson14_digits": ("0.625", "0.4333", "0.5877"),
    "lesson15_capstone": ("0.2390",),
}


def readme(lesson):
    return (ROOT / "exercises" / lesson / "README.md").read_text("utf-8")


def drawings(lesson):
    return {f"figures/{path.name}": path for path in (ROOT / "exercises" / lesson / "figures").glob("*")}


@pytest.mark.parametrize("lesson", LESSONS)
def test_every_figure_is_shown_and_every_figure_shown_is_there(lesson):
    shown = [target for _, target in FIGURE.findall(readme(lesson))]
    assert sorted(shown) == sorted(drawings(lesson))
    assert shown


@pytest.mark.parametrize("lesson", LESSONS)
def test_every_figure_is_described(lesson):
    """With a sentence that says what is to be seen, on one line: some readers of Markdown want it so."""
    for text, target in FIGURE.findall(readme(lesson)):
        assert len(text) >= SHORTEST, target
        assert text.endswith("."), target
        assert "\n" not in text, target


@pytest.mark.parametrize("lesson", LESSONS)
def test_figures_are_small_and_say_nothing_of_where_they_were_made(lesson):
    for target, path in drawings(lesson).items():
        text = path.read_text("utf-8")
        assert text.startswith("<svg "), target
        assert len(text.encode()) <= MAX_BYTES, target
        assert not re.search(r"<metadata|<image|<script|20\d\d-\d\d-\d\d|nan", text), target
        assert "fill: #ffffff" in text.split("</g>")[0], f"{target} has no paper of its own, for dark pages"


@pytest.mark.parametrize("lesson", LESSONS)
def test_figures_are_those_that_the_script_draws(lesson):
    """By their names; the curves themselves are drawn anew by `make figures`, which needs matplotlib."""
    source = (DRAWN / f"{lesson}.py").read_text("utf-8")
    assert {f"figures/{name}.svg" for name in re.findall(r"^def ([a-z]\w*)\(", source, re.MULTILINE)} == set(
        drawings(lesson)
    )


@pytest.mark.parametrize("lesson", LESSONS)
def test_a_readme_has_its_parts(lesson):
    """The idea, formulas with shapes, an example with numbers, what goes wrong, what to read."""
    text = readme(lesson)
    titles = [title.lower() for title in re.findall(r"^## (.*)$", text, re.MULTILINE)]
    for part in PARTS:
        assert any(title.startswith(part) for title in titles), part
    assert re.search(r"\((m, n|m, n_in|n_in, n_out|n_\{l-1\}, n_l)\)", text), "no shapes"
    assert re.search(r"example", text, re.IGNORECASE)
    number = str(int(lesson.removeprefix("lesson")[:2]))
    for command in ("check", "hint", "quiz", "submit"):
        assert f"nnedu {command} lesson{number}" in text


@pytest.mark.parametrize("lesson", LESSONS)
def test_the_worked_example_is_one_that_the_checks_ask_for(lesson):
    graders = "".join(path.read_text("utf-8") for path in sorted((ROOT / "graders" / lesson).glob("test_*.py")))
    for number in WORKED[lesson]:
        assert number in readme(lesson)
        assert number in graders


def written(svg):
    """The words and numbers in a figure, which matplotlib repeats in comments."""
    return re.findall(r"<!-- (.*?) -->", svg, re.DOTALL)


@pytest.mark.parametrize("lesson", LESSONS)
def test_the_figures_say_what_the_solutions_give(lesson):
    """All numbers in them; their bytes depend on the version of matplotlib."""
    pytest.importorskip("matplotlib", reason="the extra 'plots' is not installed")
    code = (
        "import json, sys\nsys.path.insert(0, sys.argv[1])\nfrom make_figures import figures\n"
        "print(json.dumps(dict(figures(sys.argv[2]))))"
    )
    words = [sys.executable, "-B", "-c", code, str(DRAWN), lesson]
    done = subprocess.run(words, capture_output=True, text=True, encoding="utf-8", check=True)
    made = {f"figures/{name}.svg": written(text) for name, text in json.loads(done.stdout).items()}
    assert made == {target: written(path.read_text("utf-8")) for target, path in drawings(lesson).items()}
