"""A course of nbgrader in a folder of its own, its real commands, and students who answer in their own ways."""

from __future__ import annotations

import copy
import json
import os
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

from nnedu.course import load_course
from nnedu.publishing.nbgrader.assignment import export
from nnedu.publishing.nbgrader.config import Mode, Settings
from nnedu.publishing.nbgrader.layout import layout_of
from nnedu.publishing.nbgrader.statements import grade_id_of, source_of

TINY = Path(__file__).resolve().parents[2] / "courses" / "tiny"
LINES = "lesson01_lines"

# What stands in the solution cells of a student, by the names of the cells. What is not named is the solution.
WRONG = {
    "line": "def line(x, slope, intercept):\n    return slope * np.asarray(x, dtype=float)",
    "fit": "def fit(x, y):\n    return 1.0, 0.0",
    "slope_gradient": "def slope_gradient(x, y, slope):\n    return np.array([np.sum((slope[0] * x - y) * x)])",
    "step": "def step(value, velocity, gradient):\n    return value - gradient, velocity",
    "shuffled": "def shuffled(values, rng):\n    return values",
    "RunningMean": (
        "class RunningMean:\n    def add(self, number):\n        pass\n\n    def mean(self):\n        return 0.0"
    ),
}

# The six of the class and what they earn of 18 points: all right, one slip each, everything wrong, as handed out.
SIX = {
    "ada": {},
    "ben": {"slope_gradient": WRONG["slope_gradient"]},
    "cy": {"step": WRONG["step"]},
    "dan": {"shuffled": WRONG["shuffled"], "RunningMean": WRONG["RunningMean"]},
    "eve": WRONG,
}
EARNED = {"ada": 18, "ben": 16, "cy": 15, "dan": 15, "eve": 0, "fay": 0}


def environment(home: Path) -> dict[str, str]:
    """Return what nbgrader is started with: its programs are found by name, and a person's own settings are not."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("JUPYTER", "IPYTHON", "PYTHON"))}
    names = ("HOME", "IPYTHONDIR", "JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR")
    path = f"{Path(sys.executable).parent}{os.pathsep}{kept['PATH']}"
    return kept | {name: str(home) for name in names} | {"PATH": path, "JUPYTER_PLATFORM_DIRS": "1", "USER": "ada"}


@dataclass
class NbgraderClass:
    """One course of nbgrader with a lesson of ours in it."""

    root: Path
    course: Path = TINY
    lesson: str = LINES
    mode: Mode = Mode.CONFINED
    timeout: int = 30
    environment: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for name in ("course", "exchange", "home", "students"):
            (self.root / name).mkdir(parents=True)
        (self.root / "exchange").chmod(0o777)
        self.environment = environment(self.root / "home")
        opened = load_course(self.course)
        self.layout = layout_of(opened, opened.lesson(self.lesson))
        self.export()

    @property
    def folder(self) -> Path:
        """The folder of the course."""
        return self.root / "course"

    @property
    def database(self) -> str:
        """The URL of its gradebook."""
        return f"sqlite:///{self.folder / 'gradebook.db'}"

    def export(self, mode: Mode | None = None):
        """Write the assignment, or its settings for another mode."""
        opened = load_course(self.course)
        settings = Settings(str(self.course), "lines", mode or self.mode, self.timeout, str(self.root / "exchange"))
        return export(opened, opened.lesson(self.lesson), self.folder, settings)

    def run(self, *arguments: str, cwd: Path | None = None, check: bool = True, **more: str):
        """Run a command of nbgrader."""
        program = str(Path(sys.executable).parent / "nbgrader")
        done = subprocess.run(
            [program, *arguments],
            cwd=cwd or self.folder,
            env=self.environment | more,
            capture_output=True,
            text=True,
            check=False,
            timeout=300,
        )
        assert not check or done.returncode == 0, done.stdout + done.stderr
        return done

    def released(self) -> dict:
        """Return the notebook that students get."""
        return json.loads((self.folder / "release" / self.lesson / f"{self.lesson}.ipynb").read_text("utf-8"))

    def answered(self, answers: dict[str, str] | None = None, notebook: dict | None = None) -> dict:
        """Return a notebook with the solution in it, but for what `answers` has instead."""
        notebook = copy.deepcopy(notebook or self.released())
        solution = {cell.grade_id: cell.source for cell in self.layout.cells}
        for cell in notebook["cells"]:
            if cell["metadata"].get("nbgrader", {}).get("solution"):
                name = grade_id_of(cell)
                cell["source"] = (answers or {}).get(name, solution[name])
        return notebook

    def hand_in(self, student: str, notebook: dict | str) -> None:
        """Put a notebook where nbgrader collects it to."""
        place = self.folder / "submitted" / student / self.lesson
        place.mkdir(parents=True, exist_ok=True)
        text = notebook if isinstance(notebook, str) else json.dumps(notebook)
        (place / f"{self.lesson}.ipynb").write_text(text, "utf-8")

    def graded(self, student: str) -> dict:
        """Return the notebook of a student as it was graded."""
        return json.loads(
            (self.folder / "autograded" / student / self.lesson / f"{self.lesson}.ipynb").read_text("utf-8")
        )


def cell_of(notebook: dict, name: str) -> dict:
    """Return the cell of a name."""
    return next(cell for cell in notebook["cells"] if grade_id_of(cell) == name)


def text_of(cell: dict) -> str:
    """Return what stands in a cell."""
    return source_of(cell) or ""
