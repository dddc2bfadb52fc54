"""Where the code of a notebook stands: the cells that its functions come from, as a person names them."""

from __future__ import annotations

import ast
import linecache
import re
import sys
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from types import CodeType, FunctionType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    NameOf = Callable[[str], str | None]

_NUMBERED = re.compile(r"In\s*\[(\d+)\]")


@dataclass(frozen=True)
class Cells:
    """The cells in which functions and classes of a namespace are defined.

    `names` holds what a person calls the file that Python knows: `cell 5` for /tmp/ipykernel_7/1234.py; `texts` what
    stands in it.
    """

    names: dict[str, str] = field(default_factory=dict)
    texts: dict[str, str] = field(default_factory=dict)

    def place(self, thing: Any) -> str:
        """Return where a function or class is defined, `cell 5:3`, or nothing."""
        codes = [code for code in codes_of(thing) if code.co_filename in self.names]
        if not codes:
            return ""
        name = self.names[codes[0].co_filename]
        found = re.compile(rf"^[ \t]*(?:async\s+)?(?:def|class)\s+{re.escape(thing.__name__)}\b", re.MULTILINE)
        defined = found.search(self.texts[codes[0].co_filename])
        line = defined.string.count("\n", 0, defined.start()) + 1 if defined else codes[0].co_firstlineno
        return f"{name}:{line}"

    def definition(self, thing: Any) -> str:
        """Return a function or class as it is written, apart from comments and layout, or nothing."""
        for code in codes_of(thing):
            found = definitions(self.texts.get(code.co_filename, ""))
            if thing.__name__ in found:
                return found[thing.__name__]
        return ""


def definitions(source: str) -> dict[str, str]:
    """Return the functions and classes of a source, each as it is written apart from comments and layout."""
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError):
        return {}
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
    return {node.name: ast.dump(node) for node in tree.body if isinstance(node, kinds)}


def cells_of(namespace: Mapping[str, Any], name_of: NameOf | None = None) -> Cells:
    """Find the cells of a namespace; `name_of` names the file of a cell, and is IPython's unless given."""
    name_of = name_of or cell_name
    ours = namespace.get("__name__", "__main__")
    cells = Cells()
    for thing in list(namespace.values()):
        for code in codes_of(thing):
            file = code.co_filename
            if file in cells.names:
                continue
            name = name_of(file) or (Path(file).name if getattr(thing, "__module__", None) == ours else None)
            lines = linecache.getlines(file) if name else []
            if name and lines:
                cells.names[file], cells.texts[file] = name, "".join(lines)
    return cells


def cell_name(file: str) -> str | None:
    """Return `cell 5` for the file that IPython compiled the cell In [5] as, None for any other."""
    shell = running_shell()
    said = shell.compile.format_code_name(file) if shell is not None else None
    found = _NUMBERED.search(said[1]) if said else None
    return f"cell {found[1]}" if found else None


def running_shell() -> Any:
    """Return the IPython that this runs in, or None. Where nobody has imported IPython, none runs."""
    ipython = sys.modules.get("IPython")
    return ipython.get_ipython() if ipython is not None else None


def codes_of(thing: Any) -> Iterator[CodeType]:
    """Yield the code of a function, or of the methods of a class."""
    if isinstance(thing, FunctionType):
        yield from codes_of(vars(thing).get("__wrapped__"))
        yield thing.__code__
    elif isinstance(thing, (staticmethod, classmethod, partial)):
        yield from codes_of(thing.func if isinstance(thing, partial) else thing.__func__)
    elif isinstance(thing, property):
        yield from codes_of(thing.fget)
    elif type(thing) is type:
        for part in list(vars(thing).values()):
            if not isinstance(part, type):
                yield from codes_of(part)
