"""Student modules from source text: executed in memory, able to import each other and what the course allows.

The import rule is a rule of the course, not a wall: it exists to say a sentence at the line of the import.
"""

from __future__ import annotations

import builtins
import itertools
import sys
import types
from typing import Any

_numbers = itertools.count()


class NotAllowedError(ImportError):
    """An import that the course does not allow."""


class Modules:
    """The modules of one submission, each executed once, when it is first asked for."""

    def __init__(self, sources: dict[str, str], allowed: frozenset[str]) -> None:
        self._sources = sources
        self._allowed = allowed
        self._prefix = f"nnedu_student_{next(_numbers)}"
        self._loaded: dict[str, types.ModuleType] = {}
        self._builtins = dict(vars(builtins))
        self._builtins["__import__"] = self._import

    def source_line(self, filename: str, line: int) -> str:
        """Return a line of a student's file, or nothing."""
        lines = self._sources.get(filename.removesuffix(".py"), "").splitlines()
        return lines[line - 1].strip() if 0 < line <= len(lines) else ""

    def owns(self, filename: str) -> bool:
        """Whether a file name in a traceback is one of the student's files."""
        return filename.removesuffix(".py") in self._sources

    def load(self, name: str) -> types.ModuleType:
        """Return a module, executing it the first time. Raises whatever the student's code raises."""
        if name in self._loaded:
            return self._loaded[name]
        code = compile(self._sources[name], f"{name}.py", "exec", dont_inherit=True)
        module = types.ModuleType(f"{self._prefix}.{name}")
        module.__dict__["__builtins__"] = self._builtins
        module.__file__ = f"{name}.py"
        # dataclasses and typing look a class's module up in sys.modules.
        sys.modules[module.__name__] = module
        self._loaded[name] = module
        try:
            exec(code, module.__dict__)  # noqa: S102 - this is where student code runs
        except BaseException:
            self._forget(name)
            raise
        return module

    def close(self) -> None:
        """Take the modules out of the interpreter."""
        for name in list(self._loaded):
            self._forget(name)

    def _forget(self, name: str) -> None:
        module = self._loaded.pop(name)
        sys.modules.pop(module.__name__, None)

    def _import(
        self,
        name: str,
        globals_: dict[str, Any] | None = None,
        locals_: dict[str, Any] | None = None,
        fromlist: tuple[str, ...] | list[str] = (),
        level: int = 0,
    ) -> types.ModuleType:
        root = name.partition(".")[0]
        if level == 0 and root in self._sources:
            return self.load(root)
        # CPython itself imports in the name of the running frame (`warnings`, on 3.13), with a list for the names;
        # an import statement gives a tuple or nothing.
        itself = isinstance(fromlist, list)
        ours = not itself and str((globals_ or {}).get("__name__", "")).startswith(self._prefix)
        if ours and root not in self._allowed and root != "__future__":
            raise NotAllowedError(root)
        return __import__(name, globals_, locals_, fromlist, level)
