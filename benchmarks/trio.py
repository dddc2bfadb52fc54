"""The comparison's exercises, relu_derivative, backprop and adam_update, cut out of the lessons that they stand in.

Solutions and checks are the course's own, of whatever version is here: for nnedu a small course, for the peers a
notebook's cells and the same checks over `plain_checks`.
"""
# ruff: noqa: INP001 - of scripts, not of a package

from __future__ import annotations

import ast
import re
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from table import NotMeasuredError

ROOT = Path(__file__).resolve().parents[1]
NAME = "trio"
LESSON = f"lesson01_{NAME}"
SOLUTIONS = ("lesson03_activations/activations", "lesson05_backpropagation/gradients")
SOLUTIONS += ("lesson05_backpropagation/backprop", "lesson06_optimizers/updates")
GRADERS = ("lesson03_activations/test_activations", "lesson05_backpropagation/test_backprop")
GRADERS += ("lesson06_optimizers/test_updates",)
EXERCISES = ("relu_derivative", "backprop", "adam_update")
# What is wrong in a submission: a text of the solution, and what stands there instead.
SLIPS = {
    "relu_derivative": ("(np.asarray(x) > 0)", "(np.asarray(x) >= 0)"),
    "backprop": ("dZ = relu_backward(dA_prev, Z_prev)", "dZ = dA_prev"),
    "adam_update": ("m_hat = m / (1 - beta1 ** t)", "m_hat = m"),
}


class Cut:
    """Definitions out of several files, with all that they use, as one text."""

    def __init__(self, files: list[Path]) -> None:
        self._imports: dict[str, str] = {}
        self._found: dict[str, ast.stmt] = {}
        for file in files:
            for node in ast.parse(file.read_text("utf-8")).body:
                if isinstance(node, (ast.Import, ast.ImportFrom)):
                    module = getattr(node, "module", None)
                    start = f"from {module} import " if module else "import "
                    self._imports |= {one.asname or one.name: start + ast.unparse(one) for one in node.names}
                for name in defined(node):
                    if self._found.setdefault(name, node) is not node:
                        text = f"{name} is defined in two of the files"
                        raise NotMeasuredError(text)

    def text(self, wanted: list[str]) -> str:
        """Return the definitions wanted and those that they use, in the order of the files."""
        nodes: list[ast.stmt] = []
        imports: set[str] = set()
        while wanted:
            name = wanted.pop()
            node = self._found.get(name)
            if node is None:
                imports |= {self._imports[name]} if name in self._imports else set()
            elif node not in nodes:
                nodes.append(node)
                wanted += {one.id for one in ast.walk(node) if isinstance(one, ast.Name)}
        ordered = [node for node in dict.fromkeys(self._found.values()) if node in nodes]
        return "\n".join(sorted(imports)) + "\n\n\n" + "\n\n\n".join(map(ast.unparse, ordered)) + "\n"


def defined(node: ast.stmt) -> list[str]:
    """Return the names that a statement of a module defines."""
    if isinstance(node, (ast.FunctionDef, ast.ClassDef)):
        return [node.name]
    targets = node.targets if isinstance(node, ast.Assign) else []
    return [target.id for target in targets if isinstance(target, ast.Name)]


@dataclass(frozen=True, slots=True)
class Point:
    """One check of the grader: where it stands, and what it is worth."""

    exercise: str
    check: str
    points: int


@dataclass(frozen=True)
class Trio:
    """The three exercises: one module of solutions, and the grader of it."""

    @cached_property
    def solution(self) -> str:
        """The right answers, with what the graders ask of the reference besides."""
        return Cut([ROOT / "solutions" / f"{name}.py" for name in SOLUTIONS]).text([*EXERCISES, "relu", "mean_loss"])

    @cached_property
    def grader(self) -> str:
        """The checks, without what they come after: those exercises are not here."""
        cut = Cut([ROOT / "graders" / f"{name}.py" for name in GRADERS])
        text = cut.text(["TestReluDerivative", "TestBackprop", "TestAdamUpdate"])
        return re.sub(r"(@exercise\('\w+'), after=\[[^]]*\]", r"\1", text)

    @cached_property
    def checks(self) -> list[Point]:
        """Every check of the grader, in its order."""
        classes = [node for node in ast.parse(self.grader).body if isinstance(node, ast.ClassDef)]
        found = []
        for node in classes:
            [exercise] = re.findall(r"exercise\('(\w+)'", " ".join(map(ast.unparse, node.decorator_list)))
            for item in node.body:
                marks = " ".join(map(ast.unparse, getattr(item, "decorator_list", [])))
                found += [Point(exercise, item.name, int(worth)) for worth in re.findall(r"points\((\d+)\)", marks)]
        return found

    @cached_property
    def wrong(self) -> dict[str, str]:
        """Submissions that lose points: one slip each, all of them, and stubs."""
        texts = {f"slip_{name}": self._slipped([name]) for name in EXERCISES}
        texts["slips"] = self._slipped(list(EXERCISES))
        texts["stubs"] = self.solution + "".join(
            f"\n\ndef {name}(*args, **kwargs):\n    raise NotImplementedError\n" for name in EXERCISES
        )
        return texts

    def _slipped(self, names: list[str]) -> str:
        text = self.solution
        for name in names:
            right, slip = SLIPS[name]
            if text.count(right) != 1:
                message = f"the solution of {name} no longer has {right!r} in it"
                raise NotMeasuredError(message)
            text = text.replace(right, slip)
        return text

    @property
    def plain_files(self) -> dict[str, str]:
        """The checks for peers, file by file: over plain numpy, with the solution as reference."""
        checks = re.sub(r"from nnedu\.checking import", "from plain_checks import", self.grader)
        ask = "\n\ndef check(name, check, answers):\n    run(name, check, SimpleNamespace(**answers), trio_reference)\n"
        head = "from types import SimpleNamespace\nimport trio_reference\nfrom plain_checks import run\n"
        return {
            "plain_checks.py": (ROOT / "benchmarks" / "plain_checks.py").read_text("utf-8"),
            "trio_reference.py": self.solution,
            "trio_checks.py": head + checks + ask,
        }

    def write_course(self, root: Path, limits: str = "") -> None:
        """Write the course of nnedu. `limits` goes into [limits] of its course.toml."""
        settings = (ROOT / "course.toml").read_text("utf-8")
        imports = re.findall(r"^imports = \[.*?\]$", settings, re.MULTILINE | re.DOTALL)[0]
        head = f'format = 1\ntitle = "Three exercises"\nversion = "1"\nkey = "three exercises"\n{imports}\n'
        table = f'[limits]\n{limits}\n[[lesson]]\nfolder = "{LESSON}"\ntitle = "Three"\nmodules = ["{NAME}"]\n'
        files = {"course.toml": head + table}
        files[f"solutions/{LESSON}/{NAME}.py"] = self.solution
        files[f"graders/{LESSON}/test_{NAME}.py"] = f'"""Grader of {NAME}.py."""\n\n{self.grader}'
        for name, text in files.items():
            (root / name).parent.mkdir(parents=True, exist_ok=True)
            (root / name).write_text(text, "utf-8")
