"""The cells of a submitted notebook, read without running them: their statements, what each binds and what it uses.

Whatever stands in them came from a student: text that is no Python, that no parser ends on, or that is no text at all.
"""

from __future__ import annotations

import ast
import re
import symtable
import warnings
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

MAX_CELLS = 2_000
MAX_TEXT = 256 * 1024
_MAGIC = re.compile(r"^\s*(?:[%!]|\?{1,2}\w|[\w.]+\?{1,2}\s*$)")
_DEFINED = re.compile(r"^(?:async\s+)?(?:def|class)\s+(\w+)", re.MULTILINE)
_FENCE = re.compile(r"\A\s*```(?:python)?\n(.*?)\n?```\s*\Z", re.DOTALL)
_UNREADABLE = (SyntaxError, ValueError, MemoryError, RecursionError)
_SCOPES = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)


@dataclass(frozen=True, slots=True)
class Found:
    """A cell as it was found, the `number`th of its notebook; `grade_id` is empty where it has none."""

    number: int
    text: str
    grade_id: str = ""
    is_code: bool = True

    @property
    def defines(self) -> set[str]:
        """The functions and classes that it seems to define, whether it is valid Python or not."""
        return set(_DEFINED.findall(self.text))


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement of a cell, or several that share a line."""

    at: tuple[int, int]
    text: str
    binds: frozenset[str]
    uses: frozenset[str]
    changes: frozenset[str] = frozenset()
    everything: bool = False  # from x import *


@dataclass(frozen=True, slots=True)
class Parsed:
    """The statements of a cell; `problem` says where it is no Python."""

    statements: tuple[Statement, ...]
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Problem:
    """What was not as it was handed out, of the cell of this name."""

    grade_id: str
    sentence: str


def cells_of(notebook: Any) -> list[Found]:
    """Return the cells of a notebook, as far as there are any."""
    cells = notebook.get("cells") if isinstance(notebook, dict) else None
    found = []
    for number, cell in enumerate(cells[:MAX_CELLS] if isinstance(cells, list) else []):
        text = source_of(cell)
        if text is not None and len(text) <= MAX_TEXT:
            found.append(Found(number, text, grade_id_of(cell), cell.get("cell_type") == "code"))
    return found


def source_of(cell: Any) -> str | None:
    """Return the text of a cell, or None."""
    source = cell.get("source") if isinstance(cell, dict) else None
    if isinstance(source, list) and all(isinstance(line, str) for line in source):
        source = "".join(source)
    return source.replace("\r\n", "\n").replace("\r", "\n") if isinstance(source, str) else None


def grade_id_of(cell: Mapping[str, Any]) -> str:
    """Return the name of a cell, or nothing."""
    metadata = cell.get("metadata")
    marks = metadata.get("nbgrader") if isinstance(metadata, dict) else None
    name = marks.get("grade_id") if isinstance(marks, dict) else None
    return name if isinstance(name, str) else ""


def unfenced(text: str) -> str:
    """Return the code of a cell that was turned into text."""
    fenced = _FENCE.match(text)
    return fenced[1] if fenced else text


def parse(cell: Found) -> Parsed:
    """Return the statements of a cell, in their order."""
    text = cell.text if cell.is_code else unfenced(cell.text)
    tree = _tree(text)
    if not isinstance(tree, ast.Module):
        text = _without_magics(text)
        again = _tree(text)
        if not isinstance(again, ast.Module):
            return Parsed((), _said(again))
        tree = again
    return Parsed(tuple(_statements(tree.body, text.splitlines(), cell.number)))


def same_code(one: str, other: str) -> bool:
    """Whether two texts are the same program, comments, docstrings and layout aside."""
    first, second = map(_bare, (one, other))
    return one.split() == other.split() if first is None or second is None else first == second


def _bare(text: str) -> str | None:
    """Return what a program does, None if it cannot be read."""
    tree = _tree(text.replace("raise NotImplementedError()", "raise NotImplementedError"))
    if not isinstance(tree, ast.Module):
        return None
    for node in ast.walk(tree):
        if isinstance(node, (ast.Module, ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            node.body = node.body[_documented(node) :]
    try:
        return ast.dump(tree)
    except RecursionError:
        return None


def _documented(node: ast.Module | ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) -> bool:
    first = node.body[0] if node.body else None
    return isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant) and isinstance(first.value.value, str)


def joined(cells: Sequence[Found], known: Collection[str]) -> list[Found]:
    """Return cells with the halves of one that was split in the middle of a definition put together again."""
    out: list[Found] = []
    for cell in cells:
        whole = _whole(out[-1], cell, known) if out else None
        if whole is not None:
            out[-1] = whole
        else:
            out.append(cell)
    return out


def _whole(first: Found, second: Found, known: Collection[str]) -> Found | None:
    """Return one cell of two, where the first is no Python without the second, and the second is no cell of its own."""
    foreign = second.grade_id != first.grade_id and second.grade_id in known
    if foreign or not (first.is_code and second.is_code and first.defines) or not parse(first).problem:
        return None
    whole = replace(first, text=f"{first.text}\n{second.text}")
    return None if parse(whole).problem else whole


def _tree(text: str) -> ast.Module | Exception:
    try:
        with warnings.catch_warnings():  # of escapes in strings
            warnings.simplefilter("ignore")
            return ast.parse(text)
    except _UNREADABLE as error:
        return error


def _said(error: Exception) -> str:
    if isinstance(error, SyntaxError):
        return f"line {error.lineno}: {error.msg}"
    return "it cannot be read as Python"


def _without_magics(text: str) -> str:
    """Blank what IPython takes and Python does not: %magics, !commands, help?."""
    return "\n".join("" if _MAGIC.match(line) else line for line in text.splitlines())


def _statements(body: Sequence[ast.stmt], lines: Sequence[str], cell: int) -> Iterator[Statement]:
    """Yield the statements; those that bind nothing (a call, a test, a print) are never asked for."""
    group: list[ast.stmt] = []
    for node in body:
        if group and _first(node) > (group[-1].end_lineno or 0) - 1:
            yield _statement(group, lines, cell)
            group = []
        group.append(node)
    if group:
        yield _statement(group, lines, cell)


def _first(node: ast.stmt) -> int:
    decorators: list[ast.expr] = getattr(node, "decorator_list", [])
    return min([node.lineno, *(one.lineno for one in decorators)]) - 1


def _statement(group: Sequence[ast.stmt], lines: Sequence[str], cell: int) -> Statement:
    binds, changes, star = set[str](), set[str](), False
    for node in group:
        for name in _bound(node):
            binds.add(name)
        changes |= _changed(node)
        star |= isinstance(node, ast.ImportFrom) and any(alias.name == "*" for alias in node.names)
    first, last = _first(group[0]), group[-1].end_lineno or len(lines)
    while first and lines[first - 1].startswith("#"):
        first -= 1
    text = "\n".join(lines[first:last])
    return Statement((cell, first), text, frozenset(binds), _used(text, group), frozenset(changes), star)


def _bound(node: ast.AST) -> Iterator[str]:
    """Yield the names that a statement binds where it stands; what a function binds inside is its own."""
    waiting: list[ast.AST] = [node]
    while waiting:
        one = waiting.pop()
        if isinstance(one, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            yield one.name
        elif isinstance(one, (ast.Import, ast.ImportFrom)):
            yield from (alias.asname or alias.name.partition(".")[0] for alias in one.names if alias.name != "*")
        elif isinstance(one, ast.Name) and isinstance(one.ctx, ast.Store):
            yield one.id
        elif isinstance(one, ast.ExceptHandler) and one.name:
            yield one.name
        if not isinstance(one, (*_SCOPES, ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)):
            waiting += ast.iter_child_nodes(one)


def _changed(node: ast.stmt) -> set[str]:
    """Return the names whose things an assignment changes: `Thing.method = method`, `table["key"] = value`."""
    targets = node.targets if isinstance(node, ast.Assign) else [node.target] if isinstance(node, ast.AugAssign) else []
    roots = set()
    for target in targets:
        root: ast.AST = target
        while isinstance(root, (ast.Attribute, ast.Subscript)):
            root = root.value
        if root is not target and isinstance(root, ast.Name):
            roots.add(root.id)
    return roots


def _used(text: str, nodes: Sequence[ast.stmt]) -> frozenset[str]:
    """Return the names that a statement takes from outside: what a function calls its own arguments is none of them."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return frozenset(_globals(symtable.symtable(text, "cell", "exec")))
    except _UNREADABLE:  # a return that is in no function, say, which is Python to one and not to the other
        return frozenset(one.id for node in nodes for one in ast.walk(node) if isinstance(one, ast.Name))


def _globals(table: symtable.SymbolTable) -> Iterator[str]:
    function = table.get_type() == "function"
    for symbol in table.get_symbols():
        if symbol.is_global() if function else symbol.is_referenced():
            yield symbol.get_name()
    for child in table.get_children():
        yield from _globals(child)
