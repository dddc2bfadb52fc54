"""A submitted notebook with its marks put back: what nbgrader stops at, it then no longer meets.

Copied cells lose the copy's mark, moved and retyped ones get theirs back, and test cells that are gone come back from
the notebook that was released. What a student wrote is not touched.
"""

from __future__ import annotations

import copy
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from nnedu.publishing.nbgrader.marking import cut
from nnedu.publishing.nbgrader.notebook import OURS
from nnedu.publishing.nbgrader.statements import Found, Problem, grade_id_of, same_code, source_of, unfenced

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_KINDS = frozenset({"code", "markdown", "raw"})


@dataclass(frozen=True, slots=True)
class Planned:
    """A cell that nbgrader knows, as it stands in the source notebook."""

    grade_id: str
    cell: dict[str, Any]
    released: str

    @property
    def is_solution(self) -> bool:
        """Whether a student writes in it."""
        return bool(self.cell["metadata"]["nbgrader"].get("solution"))

    @property
    def name(self) -> str:
        """What it defines."""
        return self.grade_id.rpartition("-def-")[2]


def plan_of(notebook: dict[str, Any]) -> tuple[Planned, ...]:
    """Return the cells of a source notebook that nbgrader knows, in their order."""
    plan = []
    for cell in notebook["cells"]:
        name = grade_id_of(cell)
        if name:
            ours = cell["metadata"].get(OURS, {})
            plan.append(Planned(name, cell, ours.get("released") or cut(source_of(cell) or "")))
    return tuple(plan)


def mend(notebook: dict[str, Any], plan: Sequence[Planned]) -> tuple[list[dict[str, Any]], list[Problem]]:
    """Return the cells of a submitted notebook as nbgrader can take them, and what was wrong with them."""
    cells = [_sane(cell) for cell in notebook.get("cells", []) if isinstance(cell, dict)]
    problems: list[Problem] = []
    chosen: dict[int, Planned] = {}
    for planned in plan:
        index = _choose(planned, cells, chosen, problems)
        if index is not None:
            chosen[index] = planned
    for index, cell in enumerate(cells):
        if index in chosen:
            _mark(cell, chosen[index], problems)
        else:
            cell["metadata"].pop("nbgrader", None)  # {} is what nbgrader stops at
    return _completed(cells, plan, problems), problems


def _sane(cell: dict[str, Any]) -> dict[str, Any]:
    """Return a cell that has at least what every program takes for granted."""
    cell = copy.copy(cell)
    source = source_of(cell)
    cell["source"] = "" if source is None else source
    cell["metadata"] = dict(cell["metadata"]) if isinstance(cell.get("metadata"), dict) else {}
    kind = cell.get("cell_type")
    return _retyped(cell, kind if isinstance(kind, str) and kind in _KINDS else "raw")


def _retyped(cell: dict[str, Any], kind: str) -> dict[str, Any]:
    """Make a cell one of a kind, with what such a cell has."""
    cell["cell_type"] = kind
    if kind == "code":
        cell["outputs"] = cell["outputs"] if isinstance(cell.get("outputs"), list) else []
        count = cell.get("execution_count")
        cell["execution_count"] = count if type(count) is int else None
    else:
        cell.pop("outputs", None)
        cell.pop("execution_count", None)
    return cell


def _choose(
    planned: Planned, cells: Sequence[dict[str, Any]], taken: Iterable[int], problems: list[Problem]
) -> int | None:
    """Return which cell is the planned one: by its name, or else, where a student writes, by what it defines."""
    name = planned.grade_id
    found = [index for index, cell in enumerate(cells) if grade_id_of(cell) == name]
    if len(found) > 1:
        problems.append(Problem(name, f"the cell {name} is there {len(found)} times"))
    if not planned.is_solution:
        return found[0] if found else None
    if not found:
        found = [index for index, cell in enumerate(cells) if index not in taken and _defines(cell, planned.name)]
        found = [index for index in found if cells[index]["cell_type"] == "code" and not grade_id_of(cells[index])]
        said = "its mark is put back" if found else "nothing defines what it asks for"
        problems.append(Problem(name, f"the cell {name} is gone; {said}"))
    ranked = [(_defines(cells[i], planned.name), not same_code(cells[i]["source"], planned.released), i) for i in found]
    return max(ranked)[2] if ranked else None


def _defines(cell: dict[str, Any], name: str) -> bool:
    return name in Found(0, cell["source"]).defines


def _mark(cell: dict[str, Any], planned: Planned, problems: list[Problem]) -> None:
    """Give a cell the marks that it had when it was released."""
    name, kind = planned.grade_id, planned.cell["cell_type"]
    if cell["cell_type"] != kind:
        problems.append(Problem(name, f"the cell {name} was turned into {cell['cell_type']}; it is {kind} again"))
        if kind == "code":
            cell["source"] = unfenced(cell["source"])
        _retyped(cell, kind)
    cell["metadata"]["nbgrader"] = copy.deepcopy(planned.cell["metadata"]["nbgrader"])


def _completed(cells: list[dict[str, Any]], plan: Sequence[Planned], problems: list[Problem]) -> list[dict[str, Any]]:
    """Put back what is gone and is not the student's, each behind the cell before it."""
    at = {grade_id_of(cell): cell for cell in cells if grade_id_of(cell)}
    before: dict[str, Any] | None = None
    for planned in plan:
        there = at.get(planned.grade_id)
        if there is None and not planned.is_solution:
            there = copy.deepcopy(planned.cell)
            there["source"] = source_of(there)
            position = next((i for i, cell in enumerate(cells) if cell is before), -1) + 1
            cells.insert(position, there)
            problems.append(Problem(planned.grade_id, f"the cell {planned.grade_id} is gone; it is put back"))
        before = there if there is not None else before
    return cells
