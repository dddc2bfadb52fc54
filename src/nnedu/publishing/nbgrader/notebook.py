"""The notebook of a lesson as bytes: the same bytes for the same lesson, on every machine."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any

from nnedu.publishing.nbgrader.cells import Cell, Role

if TYPE_CHECKING:
    from nnedu.course import Course
    from nnedu.publishing.nbgrader.layout import Layout

SCHEMA = 3
FORMAT = 1
MAX_ID = 64
DIGEST = 16
OURS = "nnedu"
_KERNEL = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}


def notebook_of(course: Course, layout: Layout) -> bytes:
    """Return the source notebook of a lesson, as nbgrader takes it."""
    cells = [_cell(cell, number) for number, cell in enumerate(layout.cells)]
    said: dict[str, Any] = {
        "format": FORMAT,
        "course": course.title,
        "version": course.version,
        "lesson": layout.lesson,
    }
    said |= {"digest": digest_of(cells)}
    notebook = {
        "cells": cells,
        "metadata": {"kernelspec": _KERNEL, "language_info": {"name": "python"}, OURS: said},
        "nbformat": 4,
        "nbformat_minor": 5,
    }
    return (json.dumps(notebook, indent=1, sort_keys=True, ensure_ascii=False) + "\n").encode()


def digest_of(cells: list[dict[str, Any]]) -> str:
    """Return a hash of what stands in cells and how they are marked: it is the same after they were run."""
    said = [[one["cell_type"], "".join(one["source"]), one["metadata"].get("nbgrader")] for one in cells]
    return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()[:DIGEST]


def _cell(cell: Cell, number: int) -> dict[str, Any]:
    metadata: dict[str, Any] = {}
    if cell.grade_id:
        metadata["nbgrader"] = grading_metadata(cell)
    if cell.role is not Role.SOLUTION:
        metadata |= {"deletable": False, "editable": False}
    if cell.by_hand:
        metadata[OURS] = {"released": cell.released}
    out: dict[str, Any] = {"cell_type": "code" if cell.is_code else "markdown", "id": _id(cell, number)}
    out |= {"metadata": metadata, "source": cell.source.splitlines(keepends=True)}
    return out | ({"execution_count": None, "outputs": []} if cell.is_code else {})


def grading_metadata(cell: Cell) -> dict[str, Any]:
    """Return what nbgrader is told of a cell."""
    graded, solution = cell.role in {Role.PUBLIC, Role.HIDDEN}, cell.role is Role.SOLUTION
    marks = {"grade": graded, "solution": solution, "locked": not solution, "task": False}
    points = {"points": cell.points} if graded else {}
    return {"schema_version": SCHEMA, "grade_id": cell.grade_id, **marks, **points}


def _id(cell: Cell, number: int) -> str:
    """Return the id of a cell in the file: that which nbgrader knows, as far as it fits."""
    name = cell.grade_id or f"text-{number}"
    return name if len(name) <= MAX_ID else hashlib.sha256(name.encode()).hexdigest()[:MAX_ID]
