"""The plots of a lesson: public functions of its plots.py, which ask the student's functions and return panels.

plots.py lies beside the checks and goes with them into the bundle; the student's code runs where it does for a check.
"""

from __future__ import annotations

import inspect
import warnings
from dataclasses import dataclass
from importlib.util import module_from_spec, spec_from_file_location
from traceback import extract_tb
from typing import TYPE_CHECKING, Any

import numpy as np

from nnedu.checking.plots import Panel
from nnedu.checking.values import CheckFailed
from nnedu.errors import CourseFault, FaultError
from nnedu.outcome import PLOTS_FILE
from nnedu.sandbox.client import Proxy
from nnedu.sandbox.failure import StudentFailure

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path
    from types import ModuleType

    from nnedu.sandbox.client import Call, Player, Reply

GIVEN = ["student", "rng"]


@dataclass(frozen=True, slots=True)
class Plot:
    """One plot: `title` is the first line of its docstring, `run` is given the student and an rng."""

    name: str
    title: str
    run: Callable[..., Any]


@dataclass(frozen=True, slots=True)
class Picture:
    """What came of a plot: panels that stand side by side, and the names in the student's modules that it asked."""

    name: str
    title: str
    panels: tuple[Panel, ...]
    asked: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Missing:
    """A plot that the student's code is not ready for: `why`, and the module and the name in it that was asked last."""

    name: str
    title: str
    why: str
    asked: tuple[str, str]


class Student:
    """`student` in a plot: the modules of the lesson, each with its functions, `student.metrics.accuracy(...)`."""

    def __init__(self, player: Player, modules: Sequence[str]) -> None:
        self._modules = {module: Proxy(player, module) for module in modules}

    def __getattr__(self, name: str) -> Proxy:
        if name.startswith("__") or name not in self._modules:
            raise AttributeError(name)
        return self._modules[name]


class _Noting:
    """A player that keeps what it was asked for. An object is asked past it: that belongs to where it came from."""

    def __init__(self, player: Player) -> None:
        self.asked: dict[tuple[str, str], None] = {}
        self.last = ("", "")
        self._player = player

    def play(self, call: Call) -> Reply:
        if isinstance(call.target, str):
            self.last = (call.target, call.name)
            self.asked[self.last] = None
        return self._player.play(call)


def load_plots(graders: Path) -> tuple[Plot, ...]:
    """Return the plots that lie beside the checks in a folder, in their order; none where there is no plots.py."""
    path = graders / PLOTS_FILE
    if not path.is_file():
        return ()
    module = _loaded(path)
    found = [
        (name, thing)
        for name, thing in vars(module).items()
        if inspect.isfunction(thing) and thing.__module__ == module.__name__ and not name.startswith("_")
    ]
    if not found:
        text = f"{path} has no public function, so it plots nothing."
        raise CourseFault(text)
    return tuple(_plot(path, name, function) for name, function in found)


def _loaded(path: Path) -> ModuleType:
    spec = spec_from_file_location("nnedu_plots", path)
    if spec is None or spec.loader is None:
        text = f"{path} cannot be read."
        raise CourseFault(text)
    module = module_from_spec(spec)
    try:
        spec.loader.exec_module(module)
    except Exception as error:
        text = f"{path} cannot be read: {type(error).__name__}: {error}"
        raise CourseFault(text) from error
    return module


def _plot(path: Path, name: str, function: Callable[..., Any]) -> Plot:
    title = inspect.cleandoc(function.__doc__ or "").partition("\n")[0].rstrip(".")
    if list(inspect.signature(function).parameters) != GIVEN or not title:
        text = f"{path}: {name} should take (student, rng), and have a docstring, which a student reads as its title."
        raise CourseFault(text)
    return Plot(name, title, function)


def take_picture(plot: Plot, player: Player, modules: Sequence[str]) -> Picture | Missing:
    """Run a plot on a student's work. The rng is always the same, so that a picture changes only with the code."""
    noting = _Noting(player)
    try:
        with warnings.catch_warnings():  # of numpy, over a student's values in the formulas of a plot
            warnings.simplefilter("ignore")
            made = plot.run(Student(noting, modules), np.random.default_rng(0))
    except StudentFailure as failure:
        return Missing(plot.name, plot.title, failure.message.partition("\n")[0], noting.last)
    except CheckFailed as failed:
        return Missing(plot.name, plot.title, failed.message.partition("\n")[0], noting.last)
    except FaultError as fault:
        text = f"{_where(plot, fault)}: {fault.sentence}"
        raise CourseFault(text, fault.next_step) from fault
    except Exception as error:
        text = f"{_where(plot, error)}: {type(error).__name__}: {error}"
        raise CourseFault(text) from error
    panels = made if isinstance(made, tuple) else (made,)
    if not panels or not all(isinstance(panel, Panel) for panel in panels):
        text = f"The plot {plot.name} should return Images, Matrix, Curves or Regions of nnedu.checking, or a tuple."
        raise CourseFault(text)
    return Picture(plot.name, plot.title, panels, tuple(noting.asked))


def _where(plot: Plot, error: BaseException) -> str:
    """Return the plot that is at fault, and the line of plots.py at which it was."""
    file = plot.run.__code__.co_filename
    lines = [one.lineno for one in extract_tb(error.__traceback__) if one.filename == file]
    return f"The plot {plot.name} ({PLOTS_FILE}:{lines[-1]})" if lines else f"The plot {plot.name}"
