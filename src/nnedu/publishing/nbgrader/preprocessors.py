"""Steps of nbgrader's pipeline, named in nbgrader_config.py: nbgrader starts them among its own, which stay."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nbformat import from_dict
from nbgrader.api import Gradebook
from nbgrader.preprocessors import ClearSolutions, Execute, NbGraderPreprocessor
from traitlets import Dict, Unicode

from nnedu.errors import UsageError
from nnedu.publishing.nbgrader.cells import HIDDEN
from nnedu.publishing.nbgrader.grader import Judged, grader_for
from nnedu.publishing.nbgrader.grading import graded_outputs, message, score, to_look_at
from nnedu.publishing.nbgrader.marking import STUB
from nnedu.publishing.nbgrader.mending import mend, plan_of
from nnedu.publishing.nbgrader.notebook import OURS
from nnedu.publishing.nbgrader.statements import grade_id_of

if TYPE_CHECKING:
    from collections.abc import Callable

Resources = Any  # a dictionary of nbconvert's
_FAULTS = "nnedu_faults"


class ReleasedSolutions(ClearSolutions):  # type: ignore[misc] # nbgrader has no types
    """Cuts out solutions, and leaves what the course hands out: its own stubs, or a program that is to be mended."""

    code_stub = Dict({"python": STUB}).tag(config=True)

    def preprocess_cell(self, cell: Any, resources: Resources, cell_index: int) -> tuple[Any, Resources]:
        """Cut the solution out of a cell."""
        cell, resources = super().preprocess_cell(cell, resources, cell_index)
        released = cell.metadata.pop(OURS, {}).get("released")
        if released:
            cell.source = released
        return cell, resources


class MendNotebook(NbGraderPreprocessor):  # type: ignore[misc]
    """Puts the marks of a submitted notebook back, before nbgrader meets what it would stop at."""

    def preprocess(self, nb: Any, resources: Resources) -> tuple[Any, Resources]:
        """Mend a notebook of ours; another one is left alone."""
        source = _source_of(self, resources)
        if source is not None:
            cells, problems = mend(nb, plan_of(source))
            nb.cells = [_node(cell) for cell in cells]
            for problem in problems:
                self.log.warning("%s: %s", resources["nbgrader"]["student"], problem.sentence)
        return nb, resources


class ConfinedGrade(Execute):  # type: ignore[misc]
    """Grades a notebook without running it: its functions play in a confined worker, and each graded cell gets a score.

    A notebook that is none of ours is executed, as nbgrader does.
    """

    course = Unicode("", help="The folder of the nnedu course, with its course.toml.").tag(config=True)

    def preprocess(self, nb: Any, resources: Resources, km: Any = None) -> tuple[Any, Resources]:
        """Grade a notebook of ours, and execute another one."""
        if _source_of(self, resources) is None:
            executed: tuple[Any, Resources] = super().preprocess(nb, resources, km)
            return executed
        grader = grader_for(self._course(), resources["nbgrader"]["assignment"])
        if grader is None:
            text = f"{self.course} has no lesson {resources['nbgrader']['assignment']}."
            raise UsageError(text, "Has it been renamed? An assignment has the name of its lesson.")
        judged = grader.grade(nb)
        self.log.info("Graded confined. %s", judged.layers)
        resources[_FAULTS] = write_grades(nb.cells, judged, _node)
        return nb, resources

    def _course(self) -> str:
        if self.course:
            return str(self.course)
        text = "nbgrader_config.py does not say where the nnedu course is."
        raise UsageError(text, 'c.ConfinedGrade.course = "FOLDER", as nnedu export nbgrader writes it')


def write_grades(cells: list[Any], judged: Judged, make: Callable[[Any], Any]) -> list[str]:
    """Give each graded cell its score and its message; return the cells of which a person has to decide."""
    wrong = set(to_look_at(list(judged.exercises.values())))
    faulty = []
    for number, cell in enumerate(cells, 1):
        name = grade_id_of(cell)
        if cell["cell_type"] != "code" or not cell["metadata"].get("nbgrader", {}).get("grade"):
            continue
        cell["outputs"] = []
        outcome = judged.exercises.get(name.removesuffix(HIDDEN)) if name.endswith(HIDDEN) else None
        if outcome is not None:
            value = score(outcome, float(cell["metadata"]["nbgrader"]["points"]))
            outputs = graded_outputs(message(outcome, judged.problems), value, number)
            cell["outputs"], cell["execution_count"] = [make(one) for one in outputs], number
            faulty += [name] if outcome.id in wrong else []
        elif float(cell["metadata"]["nbgrader"]["points"]):
            # No output would be full marks: a cell that nobody knows is worth nothing, and a person decides.
            text = f"{name} is no exercise of this lesson.\n"
            cell["outputs"] = [make(one) for one in graded_outputs(text, 0.0, number)]
            faulty.append(name)
    return faulty


class FlagFaults(NbGraderPreprocessor):  # type: ignore[misc]
    """Marks cells that a mistake in the course kept from being graded as needing a person's grade."""

    def preprocess(self, nb: Any, resources: Resources) -> tuple[Any, Resources]:
        """Mark them, once their scores are saved."""
        names = resources.get(_FAULTS, [])
        if names:
            said = resources["nbgrader"]
            with Gradebook(said["db_url"]) as book:
                for name in names:
                    grade = book.find_grade(name, said["notebook"], said["assignment"], said["student"])
                    grade.needs_manual_grade = True
                book.db.commit()
        return nb, resources


def _source_of(step: Any, resources: Resources) -> dict[str, Any] | None:
    """Return the source notebook of the one that is being converted, if it is one of ours."""
    said = resources["nbgrader"]
    desk = getattr(getattr(getattr(step, "parent", None), "parent", None), "coursedir", None)
    if desk is None:
        text = "A step of nnedu was started by something other than nbgrader."
        raise UsageError(text, "Use it as nnedu export nbgrader writes it into nbgrader_config.py.")
    folder = desk.format_path(desk.source_directory, ".", said["assignment"])
    return our_notebook(Path(folder) / f"{said['notebook']}.ipynb")


def _node(thing: Any) -> Any:
    return from_dict(thing)  # type: ignore[no-untyped-call]


def our_notebook(path: Path) -> dict[str, Any] | None:
    """Return a source notebook that nnedu has written, None if it is another's or is not there."""
    try:
        notebook: Any = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError):
        return None
    return notebook if isinstance(notebook, dict) and OURS in notebook.get("metadata", {}) else None
