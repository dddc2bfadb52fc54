"""A submitted notebook as the modules of its lesson: what they would be, had the student written them as files.

Every module stands for itself: it has what its own cells define, and of the other cells what those use. Cells are found
by their names, and where those are lost, by what they define. What only ran in the notebook (a print, a plot) is left.
"""

from __future__ import annotations

import ast
import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from nnedu.publishing.nbgrader.cells import Role
from nnedu.publishing.nbgrader.questions import answers_file, read_answers
from nnedu.publishing.nbgrader.statements import Found, Problem, Statement, cells_of, joined, parse, same_code
from nnedu.running.work import Work

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from nnedu.publishing.nbgrader.cells import Cell
    from nnedu.publishing.nbgrader.layout import Layout

MAX_NOTEBOOK = 32 << 20
MAX_NAMED = 5


@dataclass(frozen=True, slots=True)
class Submitted:
    """What a notebook holds of a lesson, and each thing that was not as it was handed out."""

    work: Work
    problems: tuple[Problem, ...] = ()


def read_notebook(data: bytes) -> dict[str, Any] | str:
    """Return a notebook, or a sentence on why it is none."""
    if len(data) > MAX_NOTEBOOK:
        return f"The notebook is larger than {MAX_NOTEBOOK >> 20} MiB."
    try:
        notebook = json.loads(data.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        return "The notebook is damaged: it is not JSON."
    if not isinstance(notebook, dict) or not isinstance(notebook.get("cells"), list):
        return "The notebook has no cells, or is of a format before 4. Open it in Jupyter and save it again."
    return notebook


def submitted(data: bytes, layout: Layout) -> Submitted:
    """Return the modules that a notebook holds, from its bytes."""
    notebook = read_notebook(data)
    if isinstance(notebook, str):
        return Submitted(Work(problems=dict.fromkeys(layout.modules, notebook)), (Problem("", notebook),))
    return modules_of(notebook, layout)


def modules_of(notebook: Any, layout: Layout) -> Submitted:
    """Return the modules that a notebook holds, and the answers to its quizzes."""
    reading = _Reading(cells_of(notebook), layout)
    sources = {module: reading.module(module) for module in layout.modules}
    return Submitted(Work(sources, {}, reading.answers()), tuple(reading.problems))


@dataclass(slots=True)
class _Group:
    """The statements of cells that belong together, by the names that they bind."""

    statements: list[Statement] = field(default_factory=list)

    def binding(self, name: str) -> list[Statement]:
        return [one for one in self.statements if name in one.binds]


class _Reading:
    """A notebook, sorted by what its cells belong to."""

    def __init__(self, cells: Sequence[Found], layout: Layout) -> None:
        self._layout = layout
        self.problems: list[Problem] = []
        self._solutions = [cell for cell in layout.cells if cell.role is Role.SOLUTION]
        known = layout.by_id
        self._cells: dict[str, list[Found]] = {cell.grade_id: [] for cell in self._solutions}
        self._free: list[Found] = []
        for found in joined(cells, known):
            if found.grade_id in self._cells:
                self._cells[found.grade_id].append(found)
            elif found.grade_id not in known and found.is_code:
                self._free.append(found)
        self._note_cells()
        self._own = {module: _Group() for module in layout.modules}
        self._others = _Group()
        self._broken: dict[str, str] = {}
        self._changed = {cell.grade_id: self._changed_copies(cell) for cell in self._solutions}
        answers = [*self._free, *(one for copies in self._changed.values() for one in copies)]
        self._answered = {name for one in answers for name in one.defines}
        for cell in self._solutions:
            if cell.module:
                self._own[cell.module].statements += self._read(cell)
        for found in self._free:
            self._others.statements += self._parse(found, "")
        self._heads = {cell.module: cell.source for cell in layout.cells if cell.role is Role.SETUP}

    def _note_cells(self) -> None:
        free = {name for cell in self._free for name in cell.defines}
        for cell in self._solutions:
            found = self._cells[cell.grade_id]
            if not found:
                where = "is defined in a cell of its own" if cell.name in free else "is not defined anywhere"
                self._note(cell.grade_id, f"the cell {cell.grade_id} is gone; {cell.name} {where}")
            elif len(found) > 1:
                self._note(cell.grade_id, f"the cell {cell.grade_id} is there {len(found)} times")
            if any(not one.is_code for one in found):
                self._note(cell.grade_id, f"the cell {cell.grade_id} was turned into text, and is read as code")

    def _note(self, grade_id: str, sentence: str) -> None:
        self.problems.append(Problem(grade_id, sentence))

    def _read(self, cell: Cell) -> list[Statement]:
        """Return the statements of a solution's cells; one as it was handed out does not count beside an answer."""
        changed = self._changed[cell.grade_id]
        unanswered = [] if cell.name in self._answered else self._cells[cell.grade_id]
        return [one for text in changed or unanswered for one in self._parse(text, cell.name)]

    def _changed_copies(self, cell: Cell) -> list[Found]:
        return [one for one in self._cells[cell.grade_id] if not same_code(one.text, cell.released)]

    def _parse(self, found: Found, name: str) -> Sequence[Statement]:
        parsed = parse(found)
        if parsed.problem:
            names = found.defines or ({name} if name else set())
            for one in names:
                self._broken.setdefault(one, f"the cell that defines {one}, {parsed.problem}")
            if names:
                self._note(name, f"the cell of {', '.join(sorted(names)[:MAX_NAMED])}: {parsed.problem}")
        return parsed.statements

    def module(self, module: str) -> str:
        """Return the text of a module."""
        parts = [cell for cell in self._solutions if cell.module == module]
        if all(self._untouched(cell) for cell in parts):
            return self._layout.stubs[module]
        head = self._heads.get(module, "")
        # What a stub takes from another module belongs to it, also where its own functions do not use it: checks may.
        borrowed = _borrowed(self._layout.stubs[module], self._layout.modules)
        chosen, missing = self._closure(module, [*(cell.name for cell in parts), *borrowed], head)
        # Imports first: a definition from an earlier module's cell may be followed by the import that it shares.
        ordered = sorted(chosen, key=lambda one: (not _imports(one), one.at))
        texts = [head, *(one.text for one in ordered)]
        texts += [self._stand_in(cell) for cell in parts if cell.name in missing]
        return "\n\n\n".join(text.strip("\n") for text in texts if text.strip()) + "\n"

    def _untouched(self, cell: Cell) -> bool:
        return not self._changed[cell.grade_id] and cell.name not in self._answered

    def _stand_in(self, cell: Cell) -> str:
        """Return what stands for a missing definition: an error where its cell is no Python, else its stub."""
        if cell.name in self._broken:
            return f"def {cell.name}(*args, **kwargs):\n    raise SyntaxError({self._broken[cell.name]!r})"
        return cell.released

    def _closure(self, module: str, names: Sequence[str], head: str) -> tuple[set[Statement], set[str]]:
        """Return the statements that define these names and all that they use, and the names that nothing defines."""
        own = self._own[module]
        siblings = [group for name, group in self._own.items() if name != module]
        heads = [self._head(self._heads.get(name, "")) for name in self._layout.modules if name != module]
        groups = [own, self._others, self._head(head), *siblings, *heads]
        chosen = {one for group in (own, self._others) for one in group.statements if one.everything}
        missing, done, waiting = set[str](), set[str](), [*names, *(name for one in chosen for name in one.uses)]
        while waiting:
            name = waiting.pop()
            if name in done:
                continue
            done.add(name)
            found = next((bound for group in groups if (bound := group.binding(name))), [])
            missing |= set() if found else {name}
            changing = [one for group in (own, self._others) for one in group.statements if name in one.changes]
            for one in (*found, *(changing if found else ())):
                if one not in chosen:
                    chosen.add(one)
                    waiting += one.uses
        return {one for one in chosen if one not in groups[2].statements}, missing

    def _head(self, text: str) -> _Group:
        return _Group(list(parse(Found(-1, text)).statements) if text else [])

    def answers(self) -> bytes | str | None:
        """Return answers.toml, as the quizzes of the notebook are answered."""
        given = {one.id: read_answers(self._texts(one.id), one.id) for one in self._layout.quizzes}
        return answers_file(given) if given else None

    def _texts(self, quiz: str) -> Iterable[str]:
        cells = [*self._free, *self._cells.get(quiz, ())]
        return [cell.text for cell in cells]


def _imports(statement: Statement) -> bool:
    code = next((line for line in statement.text.splitlines() if not line.startswith("#")), "")
    return code.startswith(("import ", "from "))


def _borrowed(stub: str, modules: Sequence[str]) -> list[str]:
    """Return the names that a stub imports from other modules of its lesson."""
    imports = (node for node in ast.parse(stub).body if isinstance(node, ast.ImportFrom) and node.module in modules)
    return [alias.asname or alias.name for node in imports for alias in node.names]
