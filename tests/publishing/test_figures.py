"""Figures: what the README of a lesson shows reaches the student, and nothing else in their folder does."""

import shutil

import pytest

from nnedu.course import load_course
from nnedu.errors import CourseFault
from nnedu.publishing.build import build
from nnedu.publishing.bundle import MAX_FIGURE, contents

SVG = b'<svg xmlns="http://www.w3.org/2000/svg"/>\n'


@pytest.fixture
def built(tiny_copy):
    """Build the first lesson with files in its folder of figures; returns the figures in the bundle."""

    def build_with(files):
        course = load_course(tiny_copy)
        lesson = course.lessons[0]
        folder = lesson.exercises_folder / "figures"
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        for name, data in files.items():
            (folder / name).write_bytes(data)
        return {name: data for name, data in contents(build(course, lesson)).items() if name.startswith("figures/")}

    return build_with


def test_figures_are_in_the_bundle(built):
    assert built({"line.svg": SVG, "loss_surface.png": b"\x89PNG"}) == {
        "figures/line.svg": SVG,
        "figures/loss_surface.png": b"\x89PNG",
    }


@pytest.mark.parametrize("name", ["notes.txt", "solution.py", "a b.svg", "line.svg.new"])
def test_what_is_no_figure_is_refused(built, name):
    with pytest.raises(CourseFault, match="is no figure"):
        built({"line.svg": SVG, name: SVG})


def test_a_figure_may_not_be_large(built):
    assert len(built({"line.svg": SVG + b" " * (MAX_FIGURE - len(SVG))})["figures/line.svg"]) == MAX_FIGURE
    with pytest.raises(CourseFault, match=r"line\.svg is larger than 256 KiB"):
        built({"line.svg": SVG + b" " * (MAX_FIGURE - len(SVG) + 1)})
