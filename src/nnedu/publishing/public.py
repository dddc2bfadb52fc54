"""The public half of a grader: its text without hidden checks."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from nnedu.errors import CourseFault

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from nnedu.running.collect import Exercise


def without_hidden(source: str) -> str:
    """Return a grader without its hidden checks, and without what only they used."""
    return _without_unused(_without(source, _is_hidden))


def _without_unused(source: str) -> str:
    unused = _unused_helpers(source)
    return _without_unused(_without(source, lambda node: _defines(node) in unused)) if unused else source


def _without(source: str, unwanted: Callable[[ast.stmt], bool]) -> str:
    tree = ast.parse(source)
    lines: list[str | None] = list(source.splitlines())
    for node in ast.walk(tree):
        if isinstance(node, ast.stmt) and unwanted(node):
            decorators = getattr(node, "decorator_list", [])
            first = min([node.lineno, *(d.lineno for d in decorators)]) - 1
            while first and (lines[first - 1] or "").lstrip().startswith("#"):
                first -= 1
            for number in range(first, node.end_lineno or first):
                lines[number] = None
    return "\n".join(line for line in lines if line is not None).rstrip() + "\n"


def _is_hidden(node: ast.stmt) -> bool:
    decorators = getattr(node, "decorator_list", [])
    names = [d.attr if isinstance(d, ast.Attribute) else getattr(d, "id", "") for d in decorators]
    return "hidden" in names or (isinstance(node, ast.ClassDef) and _only_hidden(node))


def _only_hidden(node: ast.ClassDef) -> bool:
    checks = [item for item in node.body if isinstance(item, ast.FunctionDef) and item.name.startswith("test_")]
    return bool(checks) and all(_is_hidden(check) for check in checks)


def _unused_helpers(source: str) -> set[str]:
    tree = ast.parse(source)
    used = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)}
    defined = {name for node in tree.body if (name := _defines(node)) and not name.startswith("Test")}
    return defined - used


def _defines(node: ast.stmt) -> str:
    if isinstance(node, (ast.FunctionDef, ast.ClassDef)) and node.col_offset == 0:
        return node.name
    if isinstance(node, (ast.Assign, ast.AnnAssign)) and node.col_offset == 0:
        target = node.targets[0] if isinstance(node, ast.Assign) else node.target
        return target.id if isinstance(target, ast.Name) else ""
    return ""


def refuse_leaks(graders: dict[str, str], exercises: Sequence[Exercise]) -> None:
    """Refuse to let a hidden check out: one whose mark stands where `without_hidden` does not see it."""
    for exercise in exercises:
        tree = ast.parse(graders[exercise.module])
        left = {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}
        public = {_function(check.name) for one in exercises for check in one.checks if not check.hidden}
        for check in exercise.checks:
            if check.hidden and _function(check.name) in left - public:
                text = f"The hidden check {check.id} would leave with the students."
                raise CourseFault(text, "Mark it with @hidden, on the line above the check.")


def _function(check: str) -> str:
    return "test_" + check.partition("[")[0]
