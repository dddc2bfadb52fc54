"""What simulated students write: each exercise in its right ways and its known wrong ones, put together to a module."""

from __future__ import annotations

import ast
from contextlib import closing
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

from nnedu.authoring.disguise import noted, renamed
from nnedu.authoring.handwriting import Definition, Hand, rename, written
from nnedu.authoring.simulate import with_implementation
from nnedu.checking.marks import VariantMark
from nnedu.errors import CourseFault
from nnedu.outcome import State
from nnedu.publishing.stubs import lesson_stubs
from nnedu.running.bench import Bench
from nnedu.running.evidence import local_submission

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    import numpy as np

    from nnedu.course import Lesson
    from nnedu.running.collect import Exercise
    from nnedu.running.evidence import Implementation, Live
    from nnedu.sandbox.submission import Submission

SOLUTION = "as the solution"


@dataclass(frozen=True)
class Way:
    """One way to write an exercise: statements that take the place of its definition, and what these import.

    `uses` are the other exercises that it builds on, `worth` the share of the points that it gets, `fails` the checks
    that it does not pass.
    """

    name: str
    body: tuple[ast.stmt, ...]
    imports: tuple[ast.stmt, ...]
    uses: frozenset[str]
    worth: float = 1.0
    fails: frozenset[str] = frozenset()


class Material:
    """A lesson's modules, and the ways of its exercises."""

    def __init__(self, lesson: Lesson, live: Live, exercises: Sequence[Exercise]) -> None:
        self.lesson = lesson.id
        self.modules = lesson.modules
        self.stubs = lesson_stubs(lesson)
        self._lesson = lesson
        self._live = live
        self._bench = Bench(lesson.id, exercises, live)
        self.module_of = {exercise.id: exercise.module for exercise in exercises}
        self._exercises = {exercise.id: exercise for exercise in exercises}
        self._trees = {module: ast.parse(live.sources[module]) for module in lesson.modules}
        self._given = {module: _definitions(ast.parse(_parsable(self.stubs[module]))) for module in lesson.modules}
        # What is in the stub as it is in the solution: nobody writes it.
        self._kept = {
            module: {name for name, node in _definitions(tree).items() if self._is_kept(module, name, node)}
            for module, tree in self._trees.items()
        }
        self.right: dict[str, tuple[Way, ...]] = {}
        self.wrong: dict[str, tuple[Way, ...]] = {}
        for exercise in exercises:
            own = self._own(exercise)
            # Who loops where the solution computes with arrays is right, but a class of them takes hours to grade.
            others = [way for way in self._ways(exercise, live.variants) if _depth(way.body) <= _depth(own.body)]
            self.right[exercise.id] = (own, *others)
            self.wrong[exercise.id] = tuple(self._ways(exercise, live.implementations))

    def _is_kept(self, module: str, name: str, node: Definition) -> bool:
        stub = self._given[module].get(name)
        return stub is not None and ast.dump(stub) == ast.dump(node)

    def way(self, exercise: str, name: str) -> Way:
        """Return a way of an exercise by its name."""
        return next(way for way in (*self.right[exercise], *self.wrong[exercise]) if way.name == name)

    def standing(self, exercise: str, on: str) -> dict[str, float]:
        """Return what an exercise done right is worth on each mistake of another one that it builds on."""
        found = {}
        for one in self._live.implementations:
            if one.mark.exercise == on and one.name in {way.name for way in self.wrong[on]}:
                module = self.module_of[on]
                sources = self._live.sources | {module: with_implementation(self._lesson, module, one)}
                found[one.name], _ = self._judged(local_submission(sources, self._live.allowed), exercise)
        return found

    def _judged(self, player: Submission, exercise: str) -> tuple[float, frozenset[str]]:
        """Return somebody's share of the points of an exercise, and the checks that fail, by the graders, here."""
        with closing(player):
            (outcome,) = self._bench.examine(player, only=exercise, diagnose=False).exercises
        share = outcome.points / outcome.max_points if outcome.max_points else 0.0
        return share, frozenset(check.id for check in outcome.checks if check.state is State.FAILED)

    def needs(self, exercise: str) -> frozenset[str]:
        """Return the exercises that some right way of this one builds on."""
        return frozenset().union(*(way.uses for way in self.right[exercise]))

    def weight(self, module: str) -> int:
        """Return how much there is to write in a module: statements, docstrings apart."""
        bodies = [self.right[name][0].body for name, where in self.module_of.items() if where == module]
        return sum(isinstance(node, ast.stmt) for body in bodies for top in body for node in ast.walk(top))

    @cached_property
    def _bound(self) -> dict[str, ast.stmt]:
        """What the modules define, by name."""
        return {name: node for tree in self._trees.values() for node in tree.body for name in _names(node)}

    def module(
        self, module: str, chosen: Mapping[str, Way], hand: Hand, draws: Callable[[str], np.random.Generator]
    ) -> str:
        """Return a module in somebody's hand, with the chosen way of each exercise; those without one are not begun."""
        mine = [name for name, exercise in self._exercises.items() if exercise.module == module]
        if not any(name in chosen for name in mine):
            return self.stubs[module]
        body: list[ast.stmt] = []
        if not any(isinstance(node, ast.Import) and "np" in ast.unparse(node) for node in self._trees[module].body):
            hand = replace(hand, calling=0.0)
        imports = [node for name in mine if name in chosen for node in chosen[name].imports]
        for node in self._trees[module].body:
            name = node.name if isinstance(node, Definition) else ""
            if name in chosen:
                body += [_by_hand(one, hand, draws(name)) for one in chosen[name].body]
            elif name in mine:
                body.append(self._given[module].get(name, node))
            else:
                body.append(node if name in self._kept[module] or not name else _by_hand(node, hand, draws(name)))
        last = max((i for i, node in enumerate(body) if isinstance(node, (ast.Import, ast.ImportFrom))), default=-1)
        body[last + 1 : last + 1] = imports
        whole = ast.fix_missing_locations(ast.Module(_used(body), []))
        return noted(ast.unparse(whole) + "\n", draws(module))

    def _own(self, exercise: Exercise) -> Way:
        node = _definitions(self._trees[exercise.module])[exercise.id]
        return Way(SOLUTION, (node,), (), self._uses(exercise.id, [node]))

    def _ways(self, exercise: Exercise, implementations: Sequence[Implementation]) -> Iterator[Way]:
        for one in implementations:
            if one.mark.exercise != exercise.id:
                continue
            try:
                tree = ast.parse(with_implementation(self._lesson, exercise.module, one))
            except CourseFault:  # what is made of the right answer makes no file of its own
                continue
            known = {ast.dump(node) for node in self._trees[exercise.module].body}
            fresh = [node for node in tree.body if ast.dump(node) not in known]
            imports = tuple(node for node in fresh if isinstance(node, (ast.Import, ast.ImportFrom)))
            body = [node for node in fresh if node not in imports]
            # Helpers of two exercises may have one name.
            helpers = {name for node in body for name in _names(node)} - {exercise.id}
            for node in body:
                _rename_definition(node, {name: f"_{exercise.id}_{name.lstrip('_')}" for name in helpers})
                if isinstance(node, ast.FunctionDef) and node.name == exercise.id:
                    _begun_from(node, self._given[exercise.module].get(exercise.id))
            # A mistake is worth what its player gets who has everything else right.
            right = isinstance(one.mark, VariantMark)
            worth, fails = (1.0, frozenset[str]()) if right else self._judged(self._live.player(one), exercise.id)
            yield Way(one.name, tuple(body), imports, self._uses(exercise.id, body), worth, fails)

    def _uses(self, exercise: str, body: Sequence[ast.stmt]) -> frozenset[str]:
        """Return the other exercises that statements need, directly or through what the modules keep to themselves.

        A function that everybody is given or has from before works for everybody.
        """
        found: set[str] = set()
        waiting = [name for node in body for name in _read(node)]
        while waiting:
            name = waiting.pop()
            if name in found or name == exercise:
                continue
            found.add(name)
            node = self._bound.get(name)
            if node and name not in self._exercises and (name.startswith("_") or not isinstance(node, Definition)):
                waiting += _read(node)
        return frozenset(found & self._exercises.keys())


def _begun_from(node: ast.FunctionDef, stub: Definition | None) -> None:
    """Give a function what stands in its stub: the docstring, and the types where the arguments are the same."""
    if not isinstance(stub, ast.FunctionDef):
        return
    if ast.get_docstring(node) is None and ast.get_docstring(stub) is not None:
        node.body.insert(0, stub.body[0])
    for arg, given in zip(node.args.args, stub.args.args, strict=False):
        if arg.arg == given.arg:
            arg.annotation = given.annotation
    node.returns = node.returns or stub.returns


def _by_hand(node: ast.stmt, hand: Hand, rng: np.random.Generator) -> ast.stmt:
    if not isinstance(node, Definition):
        return node
    made = written(node, hand, rng)
    for inner in ast.walk(made):
        if isinstance(inner, ast.FunctionDef):
            renamed(inner, rng)
    return made


def _used(body: list[ast.stmt]) -> list[ast.stmt]:
    """Leave out private definitions and imports that nothing reads."""
    while True:
        read = [set(_read(node)) for node in body]
        kept: list[ast.stmt] = []
        for index, node in enumerate(body):
            others = set().union(*(names for at, names in enumerate(read) if at != index))
            if isinstance(node, ast.ImportFrom) and node.module != "__future__":
                wanted = [alias for alias in node.names if (alias.asname or alias.name) in others]
                kept += [ast.ImportFrom(node.module, wanted, node.level)] if wanted else []
            elif not (names := _names(node)) or not all(name.startswith("_") for name in names) or others & set(names):
                kept.append(node)
        if len(kept) == len(body):
            return kept  # what is imported and not used was left out in the same turn
        body = kept


def _depth(body: Sequence[ast.AST]) -> int:
    """Return how deep loops stand in each other."""
    own = (ast.For, ast.While, ast.ListComp, ast.DictComp, ast.GeneratorExp)
    return max((isinstance(node, own) + _depth([*ast.iter_child_nodes(node)]) for node in body), default=0)


def _parsable(source: str) -> str:
    """Return a stub, or nothing of one that is given with an error in its syntax."""
    try:
        ast.parse(source)
    except SyntaxError:
        return ""
    return source


def _definitions(tree: ast.Module) -> dict[str, Definition]:
    return {node.name: node for node in tree.body if isinstance(node, Definition)}


def _names(node: ast.stmt) -> list[str]:
    """Return the names that a statement of a module binds, imports apart."""
    if isinstance(node, Definition):
        return [node.name]
    if isinstance(node, ast.Assign):
        return [target.id for target in node.targets if isinstance(target, ast.Name)]
    return []


def _read(node: ast.stmt) -> list[str]:
    return [inner.id for inner in ast.walk(node) if isinstance(inner, ast.Name) and isinstance(inner.ctx, ast.Load)]


def _rename_definition(node: ast.stmt, names: dict[str, str]) -> None:
    rename(node, names)
    if isinstance(node, Definition):
        node.name = names.get(node.name, node.name)
