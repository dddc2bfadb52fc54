"""Stubs from solutions: signatures, docstrings, imports and constants stay; bodies and private names go.

The text is cut by lines, so that comments and layout of what stays are the author's.
"""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING

from nnedu.errors import CourseFault

if TYPE_CHECKING:
    from collections.abc import Iterator

    from nnedu.course import Lesson

Definition = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef
GIVEN = "given"
LINT = re.compile(r"\s*#\s*(?:noqa|ruff:|fmt:|pylint:|mypy:|type:|pragma:)(?:[^'\"]*)$")  # for tools, not for students


def lesson_stubs(lesson: Lesson) -> dict[str, str]:
    """Return the stub of each module of a lesson: made from the solution, or given as it stands."""
    stubs = {}
    for module, source in lesson.solution_sources().items():
        given = lesson.solutions_folder / GIVEN / f"{module}.py"
        if module in lesson.modules:
            stubs[module] = given.read_text("utf-8") if given.is_file() else stub(source, f"{module}.py")
    return stubs


def stub(source: str, name: str) -> str:
    """Return the stub of one module."""
    try:
        tree = ast.parse(source)
    except SyntaxError as error:
        text = f"The solution {name} is not valid Python: line {error.lineno}: {error.msg}."
        raise CourseFault(text) from error
    lines = [LINT.sub("", line) for line in source.splitlines()]
    kept = "\n".join(_keep(tree.body, lines, 0, len(lines)))
    try:
        kept = _without_unused_imports(kept)
    except SyntaxError as error:
        text = f"No stub can be made of the solution {name}: {error.msg}, where its bodies are cut out."
        raise CourseFault(text, "Write each body on lines of its own, and give a class a docstring.") from error
    kept = re.sub(r"\n{3,}(?= )", "\n\n", kept)  # where a private method stood
    return re.sub(r"\n{4,}", "\n\n\n", kept).strip("\n") + "\n"


def _keep(body: list[ast.stmt], lines: list[str], start: int, end: int) -> Iterator[str]:
    """Yield the lines of a block from `start` to `end`, with definitions cut down and private ones left out."""
    position = start
    for node in body:
        first = first_line(node)
        if isinstance(node, Definition) or is_private(node):
            before = lines[position:first]
            # The comment above a definition belongs to it.
            keep_until = len(before)
            if is_private(node):
                while keep_until and before[keep_until - 1].lstrip().startswith("#"):
                    keep_until -= 1
            yield from before[:keep_until]
            if not is_private(node) and isinstance(node, Definition):
                yield from _cut(node, lines)
            position = node.end_lineno or first
    yield from lines[position:end]


def _cut(node: Definition, lines: list[str]) -> Iterator[str]:
    """Yield a definition without its body: a class keeps its public methods, a function raises."""
    first = first_line(node)
    documented = ast.get_docstring(node) is not None
    head = node.body[0].end_lineno or first if documented else node.body[0].lineno - 1
    while not documented and lines[head - 1].lstrip().startswith("#"):
        head -= 1  # a comment at the top of a body is the author's, as the body is
    yield from lines[first:head]
    if isinstance(node, ast.ClassDef):
        rest = node.body[1:] if documented else node.body
        yield from _keep(rest, lines, head, node.end_lineno or head)
    else:
        yield " " * node.body[0].col_offset + "raise NotImplementedError"


def first_line(node: ast.stmt) -> int:
    """Return the index of the first line of a statement, decorators included."""
    decorators: list[ast.expr] = getattr(node, "decorator_list", [])
    return min([node.lineno, *(decorator.lineno for decorator in decorators)]) - 1


def is_private(node: ast.stmt) -> bool:
    """Whether a statement defines what is the solution's own: a name that begins with an underscore."""
    if isinstance(node, Definition):
        return node.name.startswith("_") and not node.name.startswith("__")
    targets = node.targets if isinstance(node, ast.Assign) else [node.target] if isinstance(node, ast.AnnAssign) else []
    return any(
        isinstance(target, ast.Name) and target.id.startswith("_") and target.id != "__all__" for target in targets
    )


def _without_unused_imports(source: str) -> str:
    """Drop imports of single names that only the cut bodies used: they could give away what the solution builds on."""
    tree = ast.parse(source)
    used = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    lines: list[str | None] = list(source.splitlines())
    for node in tree.body:
        if isinstance(node, ast.ImportFrom) and node.module != "__future__":
            names = [alias.asname or alias.name for alias in node.names]
            if not used.intersection(names):
                end = node.end_lineno or node.lineno
                # A block of imports that goes takes its blank line along.
                blank_around = not (lines[node.lineno - 2] if node.lineno > 1 else "") and end < len(lines)
                if blank_around and not lines[end]:
                    end += 1
                lines[node.lineno - 1 : end] = [None] * (end - node.lineno + 1)
    return "\n".join(line for line in lines if line is not None)
