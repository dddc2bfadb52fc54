"""nbgrader_config.py: the settings that an assignment of ours needs, as one block that is replaced as a block."""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from nnedu.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence

NAME = "nbgrader_config.py"
BEGIN = "# >>> nnedu >>>"
END = "# <<< nnedu <<<"
_BLOCK = re.compile(rf"^{re.escape(BEGIN)}$.*?^{re.escape(END)}$\n?", re.MULTILINE | re.DOTALL)
TIMEOUT = 30
_HERE = "nnedu.publishing.nbgrader"
_STEPS = "nbgrader.preprocessors"
_CLEAR = "nbconvert.preprocessors.ClearMetadataPreprocessor"
_GENERATE = (
    f"{_STEPS}.IncludeHeaderFooter",
    f"{_STEPS}.InstantiateTests",
    f"{_STEPS}.LockCells",
    f"{_HERE}.preprocessors.ReleasedSolutions",
    f"{_STEPS}.ClearOutput",
    f"{_STEPS}.CheckCellMetadata",
    f"{_STEPS}.ComputeChecksums",
    f"{_STEPS}.SaveCells",
    f"{_STEPS}.ClearHiddenTests",
    f"{_STEPS}.ClearMarkScheme",
    f"{_STEPS}.ComputeChecksums",
    f"{_STEPS}.CheckCellMetadata",
)
_SANITIZE = (
    f"{_HERE}.preprocessors.MendNotebook",
    f"{_STEPS}.ClearOutput",
    f"{_STEPS}.DeduplicateIds",
    f"{_STEPS}.OverwriteKernelspec",
    f"{_STEPS}.OverwriteCells",
    f"{_STEPS}.CheckCellMetadata",
)


class Mode(StrEnum):
    """Who grades: a confined worker, or the kernel of the notebook."""

    CONFINED = "confined"
    KERNEL = "kernel"


@dataclass(frozen=True, slots=True)
class Settings:
    """What the block says. Empty texts are left to nbgrader."""

    course: str
    course_id: str
    mode: Mode = Mode.CONFINED
    timeout: int = TIMEOUT
    exchange: str = ""


def settings_in(text: str) -> Settings | None:
    """Return what the block in a configuration says, None if there is none."""
    found = _BLOCK.search(text)
    if found is None:
        return None
    said: dict[str, Any] = {}
    for node in ast.parse(found[0]).body:
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant):
            said[ast.unparse(node.targets[0])] = node.value.value
    confined = f"{_HERE}.preprocessors.ConfinedGrade" in found[0]
    return Settings(
        str(said.get("c.ConfinedGrade.course", "")),
        str(said.get("c.CourseDirectory.course_id", "")),
        Mode.CONFINED if confined else Mode.KERNEL,
        int(said.get("c.Execute.timeout", TIMEOUT)),
        str(said.get("c.Exchange.root", "")),
    )


def block(settings: Settings) -> str:
    """Return the block."""
    lines = [
        BEGIN,
        "# Written by `nnedu export nbgrader`, which replaces these lines as a whole. Your own settings go below them;",
        "# they win.",
        "import os as _os",
        "",
        "c = get_config()",
        f"c.CourseDirectory.course_id = {settings.course_id!r}",
        *([f"c.Exchange.root = {settings.exchange!r}"] if settings.exchange else []),
        "",
        "# A student's program that is to be mended is handed out as it is, and any other as the stub of the course.",
        *_list("c.GenerateAssignment.preprocessors", _GENERATE),
        "",
        "# Copied, deleted and retyped cells are mended first, so that nobody's notebook stops the others.",
        *_list("c.Autograde.sanitize_preprocessors", _SANITIZE),
        "c.OverwriteCells.add_missing_cells = True",
        "",
        _said(settings.mode),
        *_list("c.Autograde.autograde_preprocessors", _grading(settings.mode)),
        f"c.ConfinedGrade.course = {settings.course!r}",
        f"_os.environ['NNEDU_COURSE'] = {settings.course!r}  # for cells that grade in a kernel",
        f"c.Execute.timeout = {settings.timeout}",
        "",
        f"c.ExportApp.plugin_class = {f'{_HERE}.exporter.ExerciseTable'!r}  # a column for each exercise",
        END,
        "",
    ]
    return "\n".join(lines)


def _grading(mode: Mode) -> list[str]:
    """Return the steps of nbgrader's that grade, with ours in place of the one that runs the notebook."""
    confined = mode is Mode.CONFINED
    grade = f"{_HERE}.preprocessors.ConfinedGrade" if confined else f"{_STEPS}.Execute"
    steps = [grade, f"{_STEPS}.IgnorePattern", _CLEAR, f"{_STEPS}.LimitOutput", f"{_STEPS}.SaveAutoGrades"]
    steps += [f"{_HERE}.preprocessors.FlagFaults"] if confined else []
    return [*steps, f"{_STEPS}.AssignLatePenalties", f"{_STEPS}.CheckCellMetadata"]


def _said(mode: Mode) -> str:
    if mode is Mode.CONFINED:
        return "# Graded by nnedu in a confined worker: no kernel runs, and no check is where student code is."
    return "# Graded in the kernel of the notebook, as nbgrader does: a student's code can reach its own score."


def _list(name: str, values: Sequence[str]) -> list[str]:
    return [f"{name} = [", *(f'    "{value}",' for value in values), "]"]


def merged(existing: str, written: str) -> str:
    """Return a configuration with the block in it, in its old place or at the top; all else stays as it was."""
    if _BLOCK.search(existing):
        text = _BLOCK.sub(lambda _: written, existing, count=1)
    elif BEGIN in existing or END in existing:
        message = f"{NAME} holds a damaged block of nnedu: one of its two marks is missing."
        raise UsageError(message, f"Delete what is left of it, with the lines {BEGIN} and {END}, and run this again.")
    else:
        text = f"{written}\n{existing}" if existing.strip() else written
    try:
        compile(text, NAME, "exec", dont_inherit=True)
    except (SyntaxError, ValueError) as error:
        message = f"{NAME} would not be valid Python with the settings of nnedu in it: {error}."
        raise UsageError(message, "It was left as it is. Is it valid Python now?") from error
    return text
