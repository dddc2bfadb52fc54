"""The same program in another hand: what two people write who have the same idea, and neither has seen the other's.

Every change keeps the meaning, and the answers but for rounding. Intermediate results get names, loops are written out,
terms change sides, methods become functions: what hides a copy (see `disguise`) is not among these, for whoever copies
changes names and comments, and not how the work is done.
"""

from __future__ import annotations

import ast
import copy
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import numpy as np

Definition = ast.FunctionDef | ast.ClassDef
_REDUCING = frozenset({"sum", "mean", "max", "min"})
_PURE = _REDUCING | {"astype", "copy", "reshape", "ravel", "dot", "len", "float", "int", "abs", "range", "str"}
_STEMS = ("tmp", "part", "value", "term", "step", "inner", "res", "aux")
_FLIPPED: dict[type[ast.cmpop], type[ast.cmpop]] = {ast.Gt: ast.Lt, ast.Lt: ast.Gt, ast.GtE: ast.LtE, ast.LtE: ast.GtE}


@dataclass(frozen=True, slots=True)
class Hand:
    """How readily somebody names what comes between, writes things out, turns them round, and calls functions."""

    naming: float
    unfolding: float
    turning: float
    calling: float

    @classmethod
    def of(cls, rng: np.random.Generator) -> Hand:
        """Draw somebody's hand."""
        return cls(*rng.uniform([0.15, 0.3, 0.3, 0.1], [0.6, 0.9, 0.7, 0.9]).tolist())


def written(definition: Definition, hand: Hand, rng: np.random.Generator) -> Definition:
    """Return a function or a class as somebody with this hand might have written it. It needs numpy as np."""
    made = copy.deepcopy(definition)
    for node in [made] if isinstance(made, ast.FunctionDef) else made.body:
        if isinstance(node, ast.FunctionDef):
            _Writer(node, hand, rng).write()
    return ast.fix_missing_locations(made)


class _Writer:
    """Writes one function anew, in place."""

    def __init__(self, function: ast.FunctionDef, hand: Hand, rng: np.random.Generator) -> None:
        self._function = function
        self._hand = hand
        self._rng = rng
        self._taken = {node.id for node in ast.walk(function) if isinstance(node, ast.Name)}
        self._taken |= {node.arg for node in ast.walk(function) if isinstance(node, ast.arg)}

    def write(self) -> None:
        body = self._function.body
        start = 1 if ast.get_docstring(self._function, clean=False) is not None else 0
        turner = _Turner(self._hand, self._likes)
        own = self._block([turner.visit(statement) for statement in body[start:]])
        self._function.body = [*body[:start], *self._opening(), *own]

    def _likes(self, tendency: float) -> bool:
        return bool(self._rng.random() < tendency)

    def _fresh(self) -> str:
        stem = _STEMS[self._rng.integers(len(_STEMS))]
        number = 1
        while f"{stem}{number}" in self._taken:
            number += 1
        self._taken.add(f"{stem}{number}")
        return f"{stem}{number}"

    def _opening(self) -> Iterator[ast.stmt]:
        """Yield what some begin with: a look at the sizes of the arrays."""
        for arg in self._function.args.args:
            if arg.annotation and ast.unparse(arg.annotation) == "np.ndarray" and self._likes(self._hand.naming / 3):
                looks = (
                    f"{self._fresh()} = {arg.arg}.shape",
                    f"assert {arg.arg}.ndim >= 0",
                    f"{self._fresh()} = {arg.arg}.size",
                )
                yield ast.parse(looks[self._rng.integers(len(looks))]).body[0]

    def _block(self, statements: list[ast.stmt]) -> list[ast.stmt]:
        found = [named for one in statements for part in self._unfolded(one) for named in self._named(part)]
        for index, one in enumerate(found):
            ends = isinstance(one, ast.If) and not one.orelse and isinstance(one.body[-1], (ast.Return, ast.Raise))
            if ends and found[index + 1 :] and self._likes(self._hand.turning):
                one.orelse, found = found[index + 1 :], found[: index + 1]  # type: ignore[attr-defined]
                break
        for one in found:
            if isinstance(one, (ast.If, ast.For, ast.While, ast.With)):
                one.body = self._block(one.body)
            if isinstance(one, (ast.If, ast.For, ast.While)):
                one.orelse = self._block(one.orelse)
        return found

    def _unfolded(self, statement: ast.stmt) -> list[ast.stmt]:  # noqa: C901, PLR0911 - a table of forms
        """Return a statement, or several that do the same."""
        if not self._likes(self._hand.unfolding):
            return [statement]
        match statement:
            case ast.Return(value=ast.Call(args=[*_, ast.Lambda() as last]) as call):
                return self._defined(call, last)
            case ast.Return(value=ast.Tuple(elts=values)) if all(map(_is_pure, values)):
                names = [self._fresh() for _ in values]
                return [*map(_assign, names, values), ast.Return(ast.Tuple([*map(_load, names)], ast.Load()))]
            case ast.Return(value=ast.expr() as value) if not isinstance(value, (ast.Name, ast.Constant)):
                name = self._fresh()
                return [*self._unfolded(_assign(name, value)), ast.Return(_load(name))]
            case ast.Assign(targets=[ast.Name(id=name)], value=ast.IfExp(test=test, body=body, orelse=other)):
                return [ast.If(test, [_assign(name, body)], [_assign(name, other)])]
            case ast.Assign(targets=[ast.Tuple(elts=targets)], value=ast.Tuple(elts=values)):
                return _apart(targets, values) or [statement]
            case ast.Assign(targets=[ast.Name(id=name)], value=ast.DictComp() | ast.ListComp() as made):
                return self._collected(name, made) or [statement]
            case ast.For(iter=ast.Call(func=ast.Name(id="range"), args=[first, second], keywords=[])):
                return self._counted(statement, first, second)
            case ast.For(iter=ast.Call(func=ast.Name(id="range"), args=[end], keywords=[])):
                return self._counted(statement, ast.Constant(0), end)
            case ast.For(target=ast.Tuple(elts=[ast.Name(), ast.Name()])):
                return _by_key(statement)
            case ast.If(test=test, body=body, orelse=[_, *_] as other):
                return [ast.If(ast.UnaryOp(ast.Not(), test), other, body)]
        return [statement]

    def _defined(self, call: ast.Call, last: ast.Lambda) -> list[ast.stmt]:
        """Return a call whose last argument is a lambda with a function in its place."""
        name = self._fresh()
        call.args[-1] = _load(name)
        function = ast.FunctionDef(name, last.args, [ast.Return(last.body)], [], None)
        _Writer(function, self._hand, self._rng).write()
        return [function, ast.Return(call)]

    def _collected(self, name: str, made: ast.DictComp | ast.ListComp) -> list[ast.stmt]:
        """Return a comprehension as a loop, with variables of its own; nothing where that is not simple."""
        generator, inside = made.generators[0], self._fresh()
        own = {n.id for n in ast.walk(generator.target) if isinstance(n, ast.Name)}
        outside = {n.id for n in ast.walk(generator.iter) if isinstance(n, ast.Name)}
        if len(made.generators) != 1 or own & outside or any(isinstance(n, ast.Lambda) for n in ast.walk(made)):
            return []
        rename(made, {one: self._fresh() for one in sorted(own)})
        if isinstance(made, ast.DictComp):
            start: ast.expr = ast.Dict([], [])
            step: ast.stmt = ast.Assign([ast.Subscript(_load(inside), made.key, ast.Store())], made.value)
        else:
            start = ast.List([], ast.Load())
            step = ast.Expr(ast.Call(ast.Attribute(_load(inside), "append", ast.Load()), [made.elt], []))
        for condition in generator.ifs:
            step = ast.If(condition, [step], [])
        loop = ast.For(generator.target, generator.iter, [step], [])
        return [_assign(inside, start), loop, _assign(name, _load(inside))]

    def _counted(self, loop: ast.For, first: ast.expr, end: ast.expr) -> list[ast.stmt]:
        """Return a loop over a range as a loop with a counter, which the body does not see."""
        if loop.orelse:
            return [loop]
        now, last = self._fresh(), self._fresh()
        test = ast.Compare(_load(now), [ast.Lt()], [_load(last)])
        count = ast.AugAssign(ast.Name(now, ast.Store()), ast.Add(), ast.Constant(1))
        body = [ast.Assign([loop.target], _load(now)), count, *loop.body]
        return [_assign(now, first), _assign(last, end), ast.While(test, body, [])]

    def _named(self, statement: ast.stmt) -> list[ast.stmt]:
        """Return a statement after those that give names to parts of it."""
        if not isinstance(statement, (ast.Assign, ast.Return, ast.AugAssign)) or statement.value is None:
            return [statement]
        before: list[ast.stmt] = []
        if _is_pure(statement.value, drawing=1):
            statement.value = self._taken_out(statement.value, before, whole=True)
        return [*before, statement]

    def _taken_out(self, node: ast.expr, before: list[ast.stmt], *, whole: bool = False) -> ast.expr:
        """Return an expression without some of its parts, which `before` gives names to, the innermost first."""
        for name in ("left", "right", "operand", "value"):
            if isinstance(inner := getattr(node, name, None), ast.expr) and not isinstance(node, ast.Starred):
                setattr(node, name, self._taken_out(inner, before))
        if isinstance(node, ast.Call):
            node.args = [self._taken_out(one, before) for one in node.args]
            if isinstance(node.func, ast.Attribute):
                node.func.value = self._taken_out(node.func.value, before)
        part = isinstance(node, (ast.BinOp, ast.Call, ast.Subscript)) or (
            isinstance(node, ast.Attribute) and node.attr == "T"
        )
        if whole or not part or not _is_pure(node) or not self._likes(self._hand.naming):
            return node
        name = self._fresh()
        before.append(_assign(name, node))
        return _load(name)


class _Turner(ast.NodeTransformer):
    """Turns expressions round, each as somebody likes."""

    def __init__(self, hand: Hand, likes: Callable[[float], bool]) -> None:
        self._hand = hand
        self._likes = likes

    def visit_BinOp(self, node: ast.BinOp) -> ast.expr:
        self.generic_visit(node)
        match node:
            case ast.BinOp(op=ast.MatMult()) if self._likes(self._hand.calling):
                return _numpy("matmul", node.left, node.right)
            case ast.BinOp(op=ast.Pow(), left=ast.Name(), right=ast.Constant(value=2)) if self._likes(
                self._hand.turning
            ):
                return ast.BinOp(node.left, ast.Mult(), copy.copy(node.left))
            case ast.BinOp(op=ast.Mult() | ast.Add()) if _commutes(node) and self._likes(self._hand.turning):
                return ast.BinOp(node.right, node.op, node.left)
        return node

    def visit_Compare(self, node: ast.Compare) -> ast.expr:
        self.generic_visit(node)
        flipped = _FLIPPED.get(type(node.ops[0]))
        if len(node.ops) == 1 and flipped and _is_pure(node) and self._likes(self._hand.turning):
            return ast.Compare(node.comparators[0], [flipped()], [node.left])
        return node

    def visit_Call(self, node: ast.Call) -> ast.expr:
        self.generic_visit(node)
        match node:
            case ast.Call(func=ast.Attribute(value=value, attr=name)) if (
                name in _REDUCING and ast.unparse(value) != "np"
            ):
                if self._likes(self._hand.calling):
                    node = _numpy(name, value, *node.args, keywords=node.keywords)
            case ast.Call(
                func=ast.Name(id="range"),
                args=[first, ast.Constant(value=0), ast.UnaryOp(operand=ast.Constant(value=1))],
            ):
                if self._likes(self._hand.turning):
                    upwards = ast.Call(
                        _load("range"), [ast.Constant(1), ast.BinOp(first, ast.Add(), ast.Constant(1))], []
                    )
                    return ast.Call(_load("reversed"), [upwards], [])
        reduces = isinstance(node.func, ast.Attribute) and node.func.attr in _REDUCING
        if reduces and [k.arg for k in node.keywords] == ["axis"] and self._likes(self._hand.turning / 2):
            node.args, node.keywords = [*node.args, node.keywords[0].value], []
        return node

    def visit_Attribute(self, node: ast.Attribute) -> ast.expr:
        self.generic_visit(node)
        if node.attr == "T" and isinstance(node.ctx, ast.Load) and self._likes(self._hand.calling):
            return _numpy("transpose", node.value)
        return node

    def visit_JoinedStr(self, node: ast.JoinedStr) -> ast.expr:
        """Write f"W{layer}" as "W" + str(layer)."""
        parts: list[ast.expr] = []
        for one in node.values:
            if isinstance(one, ast.FormattedValue) and (one.conversion != -1 or one.format_spec is not None):
                return node
            parts.append(ast.Call(_load("str"), [one.value], []) if isinstance(one, ast.FormattedValue) else one)
        if not parts or not self._likes(self._hand.calling):
            return node
        whole = parts[0]
        for part in parts[1:]:
            whole = ast.BinOp(whole, ast.Add(), part)
        return whole


def rename(node: ast.AST, names: dict[str, str]) -> None:
    """Give variables other names, wherever they stand below a node."""
    for inner in ast.walk(node):
        if isinstance(inner, ast.Name):
            inner.id = names.get(inner.id, inner.id)
        elif isinstance(inner, (ast.Global, ast.Nonlocal)):
            inner.names = [names.get(name, name) for name in inner.names]


def _load(name: str) -> ast.Name:
    return ast.Name(name, ast.Load())


def _assign(name: str, value: ast.expr) -> ast.stmt:
    return ast.Assign([ast.Name(name, ast.Store())], value)


def _numpy(name: str, *args: ast.expr, keywords: list[ast.keyword] | None = None) -> ast.Call:
    return ast.Call(ast.Attribute(_load("np"), name, ast.Load()), [*args], keywords or [])


def _apart(targets: list[ast.expr], values: list[ast.expr]) -> list[ast.stmt]:
    """Return one assignment for each name, where none of them is read on the right; otherwise nothing."""
    stored = [target.id for target in targets if isinstance(target, ast.Name)]
    read = {node.id for value in values for node in ast.walk(value) if isinstance(node, ast.Name)}
    if not len(stored) == len(targets) == len(values) or read.intersection(stored):
        return []
    return [_assign(name, value) for name, value in zip(stored, values, strict=True)]


def _by_key(loop: ast.For) -> list[ast.stmt]:
    """Return a loop over the items of a dict as one over its keys."""
    match loop:
        case ast.For(
            target=ast.Tuple(elts=[ast.Name(id=key), ast.Name(id=value)]),
            iter=ast.Call(func=ast.Attribute(value=ast.Name(id=whole), attr="items"), args=[]),
            orelse=[],
        ):
            looked_up = _assign(value, ast.Subscript(_load(whole), _load(key), ast.Load()))
            return [ast.For(ast.Name(key, ast.Store()), _load(whole), [looked_up, *loop.body], [])]
    return [loop]


def _commutes(node: ast.BinOp) -> bool:
    """Whether the two sides can change places: numbers or arrays, and nothing is drawn on either side."""
    sides = (node.left, node.right)
    # A product may be of a text or a list, and then the order of a sum counts.
    numeric = any(
        (isinstance(one, ast.BinOp) and isinstance(one.op, (ast.Div, ast.Pow, ast.MatMult)))
        or (isinstance(one, ast.Constant) and isinstance(one.value, (int, float)))
        for one in sides
    )
    return all(map(_is_pure, sides)) and (numeric or isinstance(node.op, ast.Mult))


def _is_pure(node: ast.expr, drawing: int = 0) -> bool:
    """Whether it makes no difference when an expression is evaluated; up to `drawing` times it may ask `rng`."""
    for inner in ast.walk(node):
        if isinstance(
            inner,
            (
                ast.Lambda,
                ast.NamedExpr,
                ast.GeneratorExp,
                ast.ListComp,
                ast.DictComp,
                ast.SetComp,
                ast.IfExp,
                ast.BoolOp,
            ),
        ):
            return False
        if isinstance(inner, ast.Call):
            called = ast.unparse(inner.func)
            if called.startswith("rng.") and drawing:
                drawing -= 1
            elif called.rpartition(".")[2] not in _PURE and not (called.startswith("np.") and "random" not in called):
                return False
    return True
