"""The cells that a module of a lesson becomes: each definition with the solution between nbgrader's markers.

What nbgrader leaves when it cuts out the solution has to be the course's own stub. Where no place of the markers gives
that (a program that is handed out broken, a class of private parts only) the cell carries its released text with it.
"""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from nnedu.publishing.stubs import LINT, Definition, first_line, is_private, stub

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

BEGIN = "### BEGIN SOLUTION"
END = "### END SOLUTION"
STUB = "raise NotImplementedError"


@dataclass(frozen=True, slots=True)
class Marked:
    """One definition: its name, the cell of the instructor, and what a student is given.

    `by_hand`: nbgrader's own cutting would not give `released`.
    """

    name: str
    source: str
    released: str
    by_hand: bool = False


@dataclass(frozen=True, slots=True)
class MarkedModule:
    """A module as cells: its docstring, what else stands above its first definition, and then each definition."""

    text: str
    head: str
    cells: tuple[Marked, ...]


def mark_module(solution: str, given: str | None, siblings: Sequence[str]) -> MarkedModule:
    """Return the cells of a module. `given`: what is handed out instead of a stub; `siblings`: the lesson's modules."""
    if given is not None:
        return _given_module(solution, given, siblings)
    lines = [LINT.sub("", line) for line in solution.splitlines()]
    tree = ast.parse(solution)
    released = stub(solution, "solution")
    head, stubs = segments(released)
    text, head = _docstring_apart(head)
    marked = dict(_mark(tree.body, lines, _hidden_head(tree.body, lines, released), siblings))
    cells = [_checked(name, marked.get(name, ""), text) for name, text in stubs.items()]
    return MarkedModule(text, without_siblings(head, siblings), tuple(cells))


def _docstring_apart(head: str) -> tuple[str, str]:
    """Return the docstring of a module, and what else stands at its head."""
    tree = ast.parse(head)
    if ast.get_docstring(tree) is None:
        return "", head
    return ast.get_docstring(tree) or "", "\n".join(head.splitlines()[tree.body[0].end_lineno :]).strip("\n")


def _given_module(solution: str, given: str, siblings: Sequence[str]) -> MarkedModule:
    """Return the cells of a program that is handed out as it stands: all of it is the student's to change."""
    solved_head, solved = segments(solution)
    try:
        head, parts = segments(given)
    except SyntaxError:  # which is what is to be mended: it cannot be told where a definition ends
        head, parts = "", {next(iter(solved)): given}
    text, head = _docstring_apart(head)
    solved_head = _docstring_apart(solved_head)[1]
    names = list(parts)
    extra = [text for name, text in solved.items() if name not in parts]
    cells = []
    for index, (name, part) in enumerate(parts.items()):
        answer = [solved_head] if index == 0 else []
        answer += [solved[name]] if name in solved else []
        answer += extra if name == names[-1] else []
        released = _joined([head, part]) if index == 0 else part
        source = "\n".join([BEGIN, without_siblings(_joined(answer), siblings) or "pass", END])
        cells.append(Marked(name, source, without_siblings(released, siblings), by_hand=True))
    return MarkedModule(text, "", tuple(cells))


def _checked(name: str, source: str, released: str) -> Marked:
    """Return a cell, which carries its released text where cutting out the solution gives another one."""
    if _same(cut(source), released):
        return Marked(name, source, cut(source))
    plain = "\n".join(line for line in source.splitlines() if line.strip() not in {BEGIN, END})
    return Marked(name, f"{BEGIN}\n{plain}\n{END}", released, by_hand=True)


def cut(source: str) -> str:
    """Return what nbgrader leaves of a cell."""
    kept: list[str] = []
    inside = False
    for line in source.split("\n"):
        if line.strip() == BEGIN:
            kept.append(line.replace(BEGIN, STUB))
            inside = True
        elif line.strip() == END:
            inside = False
        elif not inside:
            kept.append(line)
    return "\n".join(kept)


def _same(one: str, other: str) -> bool:
    return [x.rstrip() for x in one.splitlines() if x.strip()] == [x.rstrip() for x in other.splitlines() if x.strip()]


def segments(text: str) -> tuple[str, dict[str, str]]:
    """Return what stands above the first public definition of a module, and each definition with what follows it."""
    lines = text.splitlines()
    starts: list[tuple[int, str]] = []
    for node in ast.parse(text).body:
        if isinstance(node, Definition) and not is_private(node):
            first = first_line(node)
            while first and lines[first - 1].startswith("#"):
                first -= 1
            starts.append((first, node.name))
    ends = [first for first, _ in starts[1:]] + [len(lines)]
    parts: dict[str, str] = {}
    for (first, name), end in zip(starts, ends, strict=True):
        parts[name] = _joined([parts.get(name, ""), "\n".join(lines[first:end])])
    return "\n".join(lines[: starts[0][0] if starts else len(lines)]).strip("\n"), parts


def _hidden_head(body: Sequence[ast.stmt], lines: Sequence[str], released: str) -> list[str]:
    """Return what stands above the first definition of a solution and is not handed out: private names, imports."""
    hidden: list[str] = []
    given = {ast.dump(node) for node in ast.parse(released).body}
    for node in body:
        if isinstance(node, Definition) and not is_private(node):
            break
        if ast.dump(node) not in given:
            hidden += lines[first_line(node) : node.end_lineno]
    return hidden


def _mark(
    body: Sequence[ast.stmt], lines: Sequence[str], hidden: list[str], siblings: Sequence[str]
) -> Iterator[tuple[str, str]]:
    """Yield each public definition with its solution marked. What is private goes into the solution before it."""
    public = [node for node in body if isinstance(node, Definition) and not is_private(node)]
    for index, node in enumerate(public):
        later = body[body.index(node) + 1 : body.index(public[index + 1]) if index + 1 < len(public) else None]
        private = [line for one in later if is_private(one) for line in _lines_of(one, lines)]
        after = [line for one in later if not is_private(one) for line in _lines_of(one, lines)]
        absorbed = [*(hidden if index == 0 else []), *private]
        absorbed = without_siblings("\n".join(absorbed), siblings).splitlines()
        above = _comment_above(first_line(node), lines)
        text = [*above, *_definition(node, lines, absorbed), *after]
        yield node.name, "\n".join(text).rstrip("\n")


def _definition(node: Definition, lines: Sequence[str], absorbed: Sequence[str]) -> list[str]:
    """Return a definition with markers around what a stub cuts out, and around what is `absorbed` after it."""
    end = node.end_lineno or len(lines)
    documented = ast.get_docstring(node) is not None
    head = (node.body[0].end_lineno or 0) if documented else node.body[0].lineno - 1
    while not documented and lines[head - 1].lstrip().startswith("#"):
        head -= 1
    if isinstance(node, ast.ClassDef):
        text = [*lines[first_line(node) : head], *_class(node.body[documented:], lines, head, end)]
        if not absorbed:
            return text
        closing = [text.pop()] if text[-1].strip() == END else [BEGIN, END]
        return [*text, *closing[:-1], "", "", *absorbed, closing[-1]]
    indent = " " * node.body[0].col_offset
    rest = [*lines[head:end], *(["", "", *absorbed] if absorbed else [])]
    return [*lines[first_line(node) : head], indent + BEGIN, *rest, indent + END]


def _class(body: Sequence[ast.stmt], lines: Sequence[str], start: int, end: int) -> list[str]:
    """Return the body of a class: public attributes as they stand, and each public method with its solution marked.

    A private part goes behind a method, where the markers hide it: the one before it, or else the next one.
    """
    out: list[str] = []
    waiting: list[str] = []
    position = start
    for node in body:
        first, last = first_line(node), node.end_lineno or end
        if isinstance(node, Definition) and not is_private(node):
            out += [*lines[position:first], *_definition(node, lines, waiting)]
            waiting = []
        elif is_private(node):
            kept = list(lines[position:first])
            while kept and kept[-1].lstrip().startswith("#"):
                kept.pop()
            if out and out[-1].strip() == END:
                out[-1:] = [*lines[position:last], out[-1]]
            else:
                out += kept
                waiting += lines[first:last]
        else:
            out += lines[position:last]
        position = last
    return [*out, *waiting, *lines[position:end]]


def _lines_of(node: ast.stmt, lines: Sequence[str]) -> list[str]:
    return ["", *_comment_above(first_line(node), lines), *lines[first_line(node) : node.end_lineno]]


def _comment_above(first: int, lines: Sequence[str]) -> list[str]:
    start = first
    while start and lines[start - 1].startswith("#"):
        start -= 1
    return list(lines[start:first])


def without_siblings(text: str, siblings: Sequence[str]) -> str:
    """Return a text without imports of the lesson's own modules: in a notebook their names are there already.

    `from a import b as c` becomes `c = b`.
    """
    lines: list[str | None] = list(text.splitlines())
    try:
        body = ast.parse(text).body
    except SyntaxError:  # a program that is handed out broken
        return text
    for node in body:
        if isinstance(node, ast.ImportFrom) and node.module in siblings:
            renamed = [f"{alias.asname} = {alias.name}" for alias in node.names if alias.asname]
            lines[node.lineno - 1 : node.end_lineno] = [None] * ((node.end_lineno or node.lineno) - node.lineno + 1)
            lines[node.lineno - 1] = "\n".join(renamed) or None
    kept = "\n".join(line for line in lines if line is not None)
    return re.sub(r"\n{4,}", "\n\n\n", kept).strip("\n")


def _joined(parts: Sequence[str]) -> str:
    return "\n\n\n".join(part.strip("\n") for part in parts if part.strip())
