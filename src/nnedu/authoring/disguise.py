"""A copy that shall not look like one: other names, other comments, another order, and the same program underneath."""

from __future__ import annotations

import ast
import builtins
from typing import TYPE_CHECKING

from nnedu.authoring.handwriting import Definition, Hand, rename, written

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np

_WORDS = "alpha arr cur data delta elem foo grad hid idx item mat my net new obj old out pos q res s temp u v w y_ z_"
_NOTES = (
    "as in the lecture",
    "have to check the shapes again",
    "this part took me an hour",
    "see the README",
    "works now",
    "first the easy case",
)
_LIGHT = Hand(naming=0.03, unfolding=0.05, turning=0.1, calling=0.0)


def disguised(source: str, rng: np.random.Generator) -> str:
    """Return a module with other variables and comments, its functions in another order, and hardly another thought."""
    tree = ast.parse(source)
    body = [written(node, _LIGHT, rng) if isinstance(node, Definition) else node for node in tree.body]
    for node in body:
        for function in ast.walk(node):
            if isinstance(function, ast.FunctionDef):
                renamed(function, rng)
    return noted(ast.unparse(ast.fix_missing_locations(ast.Module(_reordered(body, rng), []))) + "\n", rng)


def renamed(function: ast.FunctionDef, rng: np.random.Generator) -> None:
    """Give the variables of a function, not its arguments, other names, in place."""
    inner = {node.arg for node in ast.walk(function) if isinstance(node, ast.arg)}
    names = {
        node.id: isinstance(node.ctx, ast.Store)
        for node in ast.walk(function)
        if isinstance(node, ast.Name)
        if isinstance(node.ctx, ast.Store)
    }
    used = {node.id for node in ast.walk(function) if isinstance(node, ast.Name)} | inner | set(dir(builtins))
    nested = {node.name for node in ast.walk(function) if isinstance(node, Definition)}
    words = _WORDS.split()
    chosen: dict[str, str] = {}
    for name in sorted(names.keys() - inner - nested):
        if name != "_":
            stem = words[rng.integers(len(words))]
            new = stem
            while new in used:
                new = f"{stem}{rng.integers(100)}"
            used.add(new)
            chosen[name] = new
    rename(function, chosen)


def noted(source: str, rng: np.random.Generator, share: float = 0.08) -> str:
    """Return a module with a comment above some of its statements."""
    lines = source.splitlines()
    functions = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.FunctionDef)]
    places = sorted({s.lineno for f in functions for s in f.body[1:]}, reverse=True)
    for place in places:
        if rng.random() < share:
            indent = lines[place - 1][: len(lines[place - 1]) - len(lines[place - 1].lstrip())]
            lines.insert(place - 1, f"{indent}# {_NOTES[rng.integers(len(_NOTES))]}")
    return "\n".join(lines) + "\n"


def _reordered(body: Sequence[ast.stmt], rng: np.random.Generator) -> list[ast.stmt]:
    """Return the statements of a module with its functions in another order, each after what it needs when defined."""
    first = [node for node in body if not isinstance(node, ast.FunctionDef) and not _mentions(node, _defined(body))]
    waiting = [node for node in body if node not in first]
    rng.shuffle(waiting)
    found = list(first)
    while waiting:
        missing = {name for node in waiting for name in _defined([node])}
        ready = next(node for node in waiting if not _mentions(node, missing - set(_defined([node]))))
        waiting.remove(ready)
        found.append(ready)
    return found


def _defined(body: Sequence[ast.stmt]) -> set[str]:
    names = {node.name for node in body if isinstance(node, Definition)}
    return names | {
        t.id for node in body if isinstance(node, ast.Assign) for t in node.targets if isinstance(t, ast.Name)
    }


def _mentions(node: ast.stmt, names: set[str]) -> bool:
    """Whether a statement reads one of the names when it is executed: the body of a function is not, then."""
    parts: list[ast.AST] = [node]
    if isinstance(node, ast.FunctionDef):
        parts = [*node.decorator_list, node.args, *([node.returns] if node.returns else [])]
    read = {n.id for part in parts for n in ast.walk(part) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Load)}
    return bool(read & names)
