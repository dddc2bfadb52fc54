"""Simulated students: files that a student with one mistake, or with a right answer written differently, would have."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING

from nnedu.errors import CourseFault

if TYPE_CHECKING:
    from nnedu.course import Lesson
    from nnedu.running.evidence import Implementation


def with_implementation(lesson: Lesson, module: str, one: Implementation) -> str:
    """Return the solution of a module with one exercise replaced by a mistake or a variant."""
    kind = "mistakes_{}.py" if hasattr(one.mark, "hints") else "variants/{}.py"
    path = lesson.graders_folder / kind.format(module)
    solution = (lesson.solutions_folder / f"{module}.py").read_text("utf-8")
    return replace_definition(solution, path.read_text("utf-8"), module, one.mark.exercise, one.name)


def replace_definition(solution: str, other: str, module: str, exercise: str, name: str) -> str:
    """Take a definition out of one source, with the helpers and imports it needs, and put it in place of another."""
    tree = ast.parse(other)
    defined = {label: node for node in tree.body for label in _labels(node)}
    if name not in defined:
        text = f"There is no {name} among the implementations of {module}."
        raise CourseFault(text)
    needed = _closure(name, defined)
    if exercise in needed:
        text = f"{name} uses the right {exercise}, which it would take the place of."
        raise CourseFault(text)
    parts, imports = [], []
    for node in tree.body:
        if isinstance(node, ast.ImportFrom):
            names = {alias.asname or alias.name for alias in node.names}
            if needed & names and node.module not in {module, "nnedu.checking"}:
                imports.append(ast.unparse(node))
        elif needed.intersection(_labels(node)):
            parts.append(_text(node, other, name, exercise))
    return _put(solution, exercise, "\n".join(imports), "\n\n\n".join(parts))


def break_syntax(source: str) -> str:
    """Return a source with one bracket lost."""
    lines = source.splitlines()
    index = max(i for i, line in enumerate(lines) if ")" in line and line.startswith("    "))
    lines[index] = lines[index][::-1].replace(")", "", 1)[::-1]
    return "\n".join(lines) + "\n"


def loop_forever(source: str, exercise: str) -> str:
    """Return a source in which one function never ends."""
    loop = "    step = 0\n    while step < 100:\n        step = step * 2"
    node = _definition(source, exercise)
    lines = source.splitlines()
    start = node.body[1].lineno - 1 if ast.get_docstring(node) is not None else node.body[0].lineno - 1
    return "\n".join([*lines[:start], loop, *lines[start:]]) + "\n"


def _definition(source: str, name: str) -> ast.FunctionDef | ast.ClassDef:
    for node in ast.parse(source).body:
        if isinstance(node, (ast.FunctionDef, ast.ClassDef)) and node.name == name:
            return node
    text = f"The solution does not define {name}."
    raise CourseFault(text)


def _put(solution: str, exercise: str, imports: str, definition: str) -> str:
    node = _definition(solution, exercise)
    lines = solution.splitlines()
    first = min([node.lineno, *(d.lineno for d in node.decorator_list)]) - 1
    whole = [*lines[:first], *definition.splitlines(), *lines[node.end_lineno :]]
    if imports:
        last = max(n.end_lineno or 0 for n in ast.parse(solution).body if isinstance(n, (ast.Import, ast.ImportFrom)))
        whole[last:last] = imports.splitlines()
    return "\n".join(whole) + "\n"


def _text(node: ast.stmt, source: str, name: str, exercise: str) -> str:
    segment = ast.get_source_segment(source, node) or ""
    if name in _labels(node):
        return re.sub(rf"\b(def|class) {re.escape(name)}\b", rf"\1 {exercise}", segment, count=1)
    return segment


def _labels(node: ast.stmt) -> list[str]:
    if isinstance(node, (ast.FunctionDef, ast.ClassDef)):
        return [node.name]
    if isinstance(node, ast.Assign):
        return [target.id for target in node.targets if isinstance(target, ast.Name)]
    return []


def _closure(name: str, defined: dict[str, ast.stmt]) -> set[str]:
    """Return the names that a definition uses, directly or through others of its file."""
    found: set[str] = set()
    waiting = [name]
    while waiting:
        label = waiting.pop()
        if label in found:
            continue
        found.add(label)
        if label in defined:
            body = defined[label]
            inner = body.body if isinstance(body, (ast.FunctionDef, ast.ClassDef)) else [body]
            arguments = [body.args] if isinstance(body, ast.FunctionDef) else []
            bases = body.bases if isinstance(body, ast.ClassDef) else []
            nodes = (node for part in (*inner, *arguments, *bases) for node in ast.walk(part))
            waiting += [node.id for node in nodes if isinstance(node, ast.Name)]
    return found
