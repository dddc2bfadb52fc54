"""Bundles of the second course, and notebooks that are really executed."""

import os
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from nbclient import NotebookClient
from notebook_cells import notebook_of

from nnedu.course import load_course
from nnedu.publishing.build import build

TINY = Path(__file__).parents[1] / "courses" / "tiny"


@dataclass
class Ran:
    """What a cell gave: its value as each type, what it wrote, and the name of what it raised."""

    shown: dict = field(default_factory=dict)
    streams: str = ""
    raised: str = ""

    @property
    def text(self):
        return self.shown["text/plain"]

    @property
    def html(self):
        return self.shown["text/html"]


@pytest.fixture(scope="module")
def jupyter_home(tmp_path_factory):
    """A home of Jupyter's own, without what the person who runs the tests has there."""
    home = tmp_path_factory.mktemp("jupyter")
    names = {"JUPYTER_CONFIG_DIR": "config", "JUPYTER_DATA_DIR": "data", "JUPYTER_RUNTIME_DIR": "runtime"}
    places = {name: str(home / folder) for name, folder in names.items()} | {"IPYTHONDIR": str(home / "ipython")}
    places |= {"JUPYTERLAB_SETTINGS_DIR": str(home / "settings"), "HOME": str(home), "JUPYTER_PLATFORM_DIRS": "1"}
    with pytest.MonkeyPatch.context() as patch:
        for name, place in places.items():
            patch.setenv(name, place)
        yield home


@pytest.fixture(scope="module")
def execute(jupyter_home, tmp_path_factory):
    """Execute cells in a kernel of their own, and return what each gave."""

    def executed(sources, folder=None):
        notebook = notebook_of(sources)
        place = folder or tmp_path_factory.mktemp("notebook")
        client = NotebookClient(notebook, timeout=120, allow_errors=True, resources={"metadata": {"path": str(place)}})
        client.execute(env=dict(os.environ))
        return [_ran(cell.outputs) for cell in notebook.cells]

    return executed


def _ran(outputs):
    ran = Ran()
    for output in outputs:
        if output.output_type == "stream":
            ran.streams += output.text
        elif output.output_type == "error":
            ran.raised += output.ename
        else:
            ran.shown |= output.data
    return ran


@pytest.fixture(scope="session")
def bundles(tmp_path_factory):
    """A folder with the bundles of the second course."""
    folder = tmp_path_factory.mktemp("bundles")
    course = load_course(TINY)
    for lesson in course.lessons:
        (folder / f"{lesson.id}.zip").write_bytes(build(course, lesson))
    return folder
