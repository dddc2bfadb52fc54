"""Figures of a lesson: laid out beside the README, and never over something of the student's."""

import io
import zipfile

import pytest

from nnedu.workspace.fetch import What, fetch
from nnedu.workspace.workspace import Workspace

LESSON = "lesson02_layers"
OLD, NEW = b"<svg>old</svg>", b"<svg>new</svg>"


@pytest.fixture
def fetched(tmp_path, make_bundle):
    """Fetch the lesson with other files in its bundle; what became of each."""
    workspace = Workspace.create(tmp_path / "nn")

    def fetch_with(extra):
        bundle = io.BytesIO(make_bundle())
        with zipfile.ZipFile(bundle, "a") as archive:
            for name, data in extra.items():
                archive.writestr(name, data)
        return {file.name: file for file in fetch(workspace, bundle.getvalue()).files}

    fetch_with.folder = workspace.folder(LESSON)
    return fetch_with


def test_figures_lie_beside_the_readme(fetched):
    assert fetched({"figures/a.svg": OLD, "figures/b_2.png": NEW})["figures/a.svg"].what is What.WRITTEN
    found = {path.relative_to(fetched.folder).as_posix() for path in fetched.folder.rglob("*") if path.is_file()}
    assert found == {"README.md", "dense.py", "relu.py", "figures/a.svg", "figures/b_2.png"}
    assert (fetched.folder / "figures" / "a.svg").read_bytes() == OLD


@pytest.mark.parametrize("name", ["figures/run.py", "figures/deep/a.svg", "figures/.hidden.svg", "pictures/a.svg"])
def test_nothing_else_is_laid_out(fetched, name):
    fetched({name: OLD})
    assert not (fetched.folder / name).exists()


def test_a_new_figure_takes_the_place_of_an_untouched_one(fetched):
    fetched({"figures/a.svg": OLD})
    assert fetched({"figures/a.svg": NEW})["figures/a.svg"].what is What.REFRESHED
    assert (fetched.folder / "figures" / "a.svg").read_bytes() == NEW


def test_a_figure_that_the_student_changed_is_kept(fetched):
    fetched({"figures/a.svg": OLD})
    mine = fetched.folder / "figures" / "a.svg"
    mine.write_bytes(b"mine")
    assert fetched({"figures/a.svg": OLD})["figures/a.svg"].what is What.KEPT
    assert fetched({"figures/a.svg": NEW})["figures/a.svg"].beside == "figures/a.svg.new"
    assert mine.read_bytes() == b"mine"
    assert mine.with_name("a.svg.new").read_bytes() == NEW
