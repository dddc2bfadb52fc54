"""First-order mutants of a solution: its text with one thing in one definition changed, as a slip would change it.

Pure: source text in, mutants out, the same ones in the same order every time. Changes that come to one text are one.
"""

from __future__ import annotations

import ast
import copy
from dataclasses import dataclass
from functools import singledispatch
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

ARITHMETIC: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Div,
    ast.Div: ast.Mult,
    ast.FloorDiv: ast.Mult,
    ast.Mod: ast.Mult,
    ast.Pow: ast.Mult,
    ast.MatMult: ast.Mult,
    ast.BitAnd: ast.BitOr,
    ast.BitOr: ast.BitAnd,
}
COMPARISONS: dict[type[ast.cmpop], tuple[type[ast.cmpop], ...]] = {
    ast.Lt: (ast.LtE, ast.GtE),
    ast.LtE: (ast.Lt, ast.Gt),
    ast.Gt: (ast.GtE, ast.LtE),
    ast.GtE: (ast.Gt, ast.Lt),
    ast.Eq: (ast.NotEq,),
    ast.NotEq: (ast.Eq,),
    ast.In: (ast.NotIn,),
    ast.NotIn: (ast.In,),
    ast.Is: (ast.IsNot,),
    ast.IsNot: (ast.Is,),
}
PAIRS = (("maximum", "minimum"), ("max", "min"), ("sum", "mean"), ("zeros", "ones"), ("all", "any"))
TWINS = dict(PAIRS) | {other: one for one, other in PAIRS}
LIBRARIES = frozenset({"np", "math"})
DROPPABLE = (ast.Assign, ast.AugAssign, ast.Expr, ast.If, ast.For, ast.While, ast.Raise, ast.Break, ast.Continue)
# Names that are bound, and types: changing them is no slip of a formula.
SKIPPED = frozenset({"annotation", "returns", "ctx", "target", "targets"})


@dataclass(frozen=True, slots=True)
class Mutant:
    """One change: in which definition, the statement before and after, and the text of the module with it."""

    module: str
    inside: str
    line: str
    becomes: str
    source: str

    @property
    def key(self) -> tuple[str, str, str, str]:
        """What a label names it by: no line number, so that it lasts until the statement itself is edited."""
        return self.module, self.inside, self.line, self.becomes


def mutants(module: str, source: str, names: Collection[str]) -> list[Mutant]:
    """Return every first-order mutant of the named definitions of a module."""
    tree = ast.parse(source)
    found: dict[str, Mutant] = {}
    for node in tree.body:
        inside = name_of(node)
        if inside in names:
            for line, becomes in _changed(node, node):
                text = ast.unparse(ast.fix_missing_locations(tree))
                found.setdefault(text, Mutant(module, inside, line, becomes, text))
    found.pop(ast.unparse(tree), None)
    return list(found.values())


def name_of(node: ast.stmt) -> str:
    """Return the name that a top-level statement defines, or nothing."""
    if isinstance(node, (ast.FunctionDef, ast.ClassDef)):
        return node.name
    if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
        return node.targets[0].id
    return ""


def _changed(node: ast.AST, unit: ast.AST) -> Iterator[tuple[str, str]]:
    """Make every change below a node, one at a time, in place; each is taken back when the next is asked for.

    Yields how the unit that it shows in, a statement or an entry of a table, read before and reads now.
    """
    for owner, key, child in _slots(node):
        inner = child if isinstance(child, ast.stmt) or isinstance(node, ast.Dict) else unit
        before = _head(inner)
        for new in [*_instead(child), *(_exchanged(child) if isinstance(node, ast.Return) else ())]:
            _put(owner, key, new)
            yield before, _head(new if inner is child else inner)
            _put(owner, key, child)
        yield from _changed(child, inner)


def _slots(node: ast.AST) -> Iterator[tuple[object, str | int, ast.AST]]:
    """Yield the places of a node that hold what computes: no types, no docstrings, no words of errors."""
    if isinstance(node, (ast.JoinedStr, ast.Raise)):
        return
    for field, value in ast.iter_fields(node):
        if field not in SKIPPED and isinstance(value, list):
            yield from (
                (value, i, item) for i, item in enumerate(value) if isinstance(item, ast.AST) and not _is_text(item)
            )
        elif field not in SKIPPED and isinstance(value, ast.AST):
            yield node, field, value


def _is_text(node: ast.AST) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def _put(owner: object, key: str | int, node: ast.AST) -> None:
    if isinstance(owner, list):
        owner[int(key)] = node
    else:
        setattr(owner, str(key), node)


def _head(unit: ast.AST) -> str:
    """Return a unit on one line; of a compound statement, its head, without types."""
    if isinstance(unit, ast.FunctionDef):
        arguments = copy.deepcopy(unit.args)
        for argument in ast.walk(arguments):
            if isinstance(argument, ast.arg):
                argument.annotation = None
        return f"def {unit.name}({ast.unparse(arguments)})"
    return ast.unparse(ast.fix_missing_locations(unit)).lstrip("\n").partition("\n")[0]


def _instead(node: ast.AST) -> Iterator[ast.AST]:
    """Yield what a slip might have left in place of a node."""
    yield from _slips(node)
    if isinstance(node, DROPPABLE):
        yield ast.Pass()


@singledispatch
def _slips(node: ast.AST) -> Iterator[ast.AST]:
    del node
    return iter(())


@_slips.register(ast.BinOp)
def _(node: ast.BinOp) -> Iterator[ast.AST]:
    if type(node.op) in ARITHMETIC:
        yield ast.BinOp(node.left, ARITHMETIC[type(node.op)](), node.right)
    yield from (node.left, node.right)


@_slips.register(ast.BoolOp)
def _(node: ast.BoolOp) -> Iterator[ast.AST]:
    yield ast.BoolOp(ast.And() if isinstance(node.op, ast.Or) else ast.Or(), node.values)
    yield from node.values


@_slips.register(ast.Compare)
def _(node: ast.Compare) -> Iterator[ast.AST]:
    for index, op in enumerate(node.ops):
        for other in COMPARISONS[type(op)]:
            yield ast.Compare(node.left, [*node.ops[:index], other(), *node.ops[index + 1 :]], node.comparators)


@_slips.register(ast.UnaryOp)
def _(node: ast.UnaryOp) -> Iterator[ast.AST]:
    yield node.operand


@_slips.register(ast.Constant)
def _(node: ast.Constant) -> Iterator[ast.AST]:
    value = node.value
    if isinstance(value, bool):
        yield ast.Constant(not value)
    elif isinstance(value, int):
        yield from (ast.Constant(value + 1), ast.Constant(value - 1))
    elif isinstance(value, float):
        yield from (ast.Constant(2.0 * value or 1.0), ast.Constant(-value or -1.0))
    elif isinstance(value, str):
        yield ast.Constant(value + "_")


@_slips.register(ast.Call)
def _(node: ast.Call) -> Iterator[ast.AST]:
    args, keywords = node.args, node.keywords
    whole = not any(isinstance(arg, ast.Starred) for arg in args)
    if isinstance(node.func, ast.Attribute):
        owner = node.func.value
        if not (isinstance(owner, ast.Name) and owner.id in LIBRARIES):
            yield owner  # x.copy() is x
        if node.func.attr in TWINS:
            yield ast.Call(ast.Attribute(owner, TWINS[node.func.attr], ast.Load()), args, keywords)
    elif isinstance(node.func, ast.Name) and node.func.id in TWINS:
        yield ast.Call(ast.Name(TWINS[node.func.id], ast.Load()), args, keywords)
    if whole and args:
        yield args[0]  # np.sqrt(x) is x
    if whole and len(args) > 1:
        yield ast.Call(node.func, [args[1], args[0], *args[2:]], keywords)
    for keyword in keywords:
        if keyword.arg is not None:
            yield ast.Call(node.func, args, [other for other in keywords if other is not keyword])


@_slips.register(ast.Attribute)
def _(node: ast.Attribute) -> Iterator[ast.AST]:
    if node.attr == "T":
        yield node.value
    if node.attr == "size":
        yield ast.Call(ast.Name("len", ast.Load()), [node.value], [])


@_slips.register(ast.Subscript)
def _(node: ast.Subscript) -> Iterator[ast.AST]:
    yield node.value


@_slips.register(ast.Slice)
def _(node: ast.Slice) -> Iterator[ast.AST]:
    if node.lower is not None:
        yield ast.Slice(None, node.upper, node.step)
    if node.upper is not None:
        yield ast.Slice(node.lower, None, node.step)


@_slips.register(ast.IfExp)
def _(node: ast.IfExp) -> Iterator[ast.AST]:
    yield ast.IfExp(node.test, node.orelse, node.body)


@_slips.register(ast.If)
def _(node: ast.If) -> Iterator[ast.AST]:
    yield ast.If(ast.UnaryOp(ast.Not(), node.test), node.body, node.orelse)


@_slips.register(ast.AugAssign)
def _(node: ast.AugAssign) -> Iterator[ast.AST]:
    yield ast.Assign([node.target], node.value)
    if type(node.op) in ARITHMETIC:
        yield ast.AugAssign(node.target, ARITHMETIC[type(node.op)](), node.value)


@_slips.register(ast.Assign)
def _(node: ast.Assign) -> Iterator[ast.AST]:
    target, value = node.targets[0], node.value
    if isinstance(value, ast.BinOp) and ast.unparse(value.left) == ast.unparse(target):
        # In place: x = x + y writes into what the caller may still need.
        yield ast.AugAssign(target, value.op, value.right)  # type: ignore[arg-type]


def _exchanged(node: ast.AST) -> Iterator[ast.AST]:
    if isinstance(node, ast.Tuple) and len(node.elts) > 1:
        yield ast.Tuple([node.elts[1], node.elts[0], *node.elts[2:]], ast.Load())
