"""What must not leave: statements of the solution in hints, hidden checks, solutions and mistakes in bundles."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING

from nnedu.publishing import bundle
from nnedu.publishing.build import load_hints
from nnedu.publishing.stubs import GIVEN

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from nnedu.course import Lesson
    from nnedu.running.collect import Exercise
    from nnedu.running.evidence import Live

HINTS = 3
SHORT = 10
TEXT = (".py", ".md", ".json", ".toml")
_PLOTS = "|".join(map(re.escape, bundle.PLOTS))
_BELONGS = re.compile(
    rf"{re.escape(bundle.MANIFEST)}|README\.md|{re.escape(bundle.QUIZ)}|{bundle.STUBS}/\w+\.py"
    rf"|{bundle.GRADERS}/(?:test_\w+\.py|{_PLOTS})|{bundle.TRACES}/[\w.-]+\.trace|{bundle.FIGURE.pattern}"
)


def hint_problems(lesson: Lesson, exercises: Sequence[Exercise], live: Live) -> Iterator[str]:
    """Yield exercises without their three hints, and hints that hold a statement of the solution."""
    general = load_hints(lesson)
    known = {exercise.id for exercise in exercises}
    for name in general.keys() - known:
        yield f"hints.toml has hints for {name}, which is no exercise"
    for exercise in exercises:
        hints = general.get(exercise.id, ())
        if len(hints) != HINTS or not all(hint.strip() for hint in hints):
            yield f"{exercise.id} has {len(hints)} general hints; {HINTS} are asked for"
        secrets = _statements(live.sources[exercise.module])
        texts = [(exercise.id, hints)] + [(f"{exercise.id}/{m.id}", m.hints) for m in live.mistakes(exercise.id)]
        for owner, levels in texts:
            for level, hint in enumerate(levels, 1):
                found = next((secret for secret in secrets if _holds(hint, secret)), None)
                if found:
                    yield f"hint {level} of {owner} holds a statement of the solution: {found}"


def leak_problems(lesson: Lesson, files: dict[str, bytes], exercises: Sequence[Exercise]) -> Iterator[str]:
    """Yield what a bundle holds that gives an answer away."""
    for name in files:
        if not _BELONGS.fullmatch(name):
            yield f"the bundle holds {name}, which does not belong to a student"
    texts = {name: data.decode("utf-8") for name, data in files.items() if name.endswith(TEXT)}
    for exercise in exercises:
        for check in exercise.checks:
            grader = f"{bundle.GRADERS}/test_{check.module}.py"
            if check.hidden and _inside(texts.get(grader, ""), check.exercise, check.name.partition("[")[0]):
                yield f"the bundle holds the hidden check {check.id} in {grader}"
    yield from _source_problems(lesson, {name: _squeeze(text) for name, text in texts.items()})


def _source_problems(lesson: Lesson, texts: dict[str, str]) -> Iterator[str]:
    """Yield bodies of the solution and of mistakes that stand in a bundle, but for what students are given to mend."""
    given = [_squeeze(path.read_text("utf-8")) for path in lesson.solutions_folder.glob(f"{GIVEN}/*.py")]
    for path in [*lesson.solutions_folder.glob("*.py"), *lesson.graders_folder.glob("mistakes_*.py")]:
        for function, body in _bodies(path.read_text("utf-8")):
            for name, text in texts.items():
                if body in text and not any(body in start for start in given):
                    yield f"the bundle holds the body of {function} of {path.name} in {name}"


def _squeeze(text: str) -> str:
    return re.sub(r"\s+", " ", text)


def _inside(source: str, exercise: str, check: str) -> bool:
    """Whether the grader class of an exercise still has a check."""
    for node in ast.parse(source).body:
        if isinstance(node, ast.ClassDef) and any(
            f"exercise('{exercise}'" in ast.unparse(d) for d in node.decorator_list
        ):
            return any(isinstance(item, ast.FunctionDef) and item.name == f"test_{check}" for item in node.body)
    return False


def _bodies(source: str) -> Iterator[tuple[str, str]]:
    """Yield each function with the text of its body, where the body is more than a line."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FunctionDef):
            body = node.body[1:] if ast.get_docstring(node) is not None else node.body
            lines = source.splitlines()[body[0].lineno - 1 : node.end_lineno] if body else []
            text = _squeeze("\n".join(lines)).strip()
            if len(text) > 3 * SHORT and not text.startswith("raise NotImplementedError"):
                yield node.name, text


def _statements(source: str) -> list[str]:
    """Return the statements of a solution, and the expressions they return or assign, without spaces."""
    found: dict[str, None] = {}
    for function in ast.walk(ast.parse(source)):
        if isinstance(function, ast.FunctionDef):
            for node in ast.walk(function):
                for part in _parts(node):
                    if any(isinstance(item, (ast.BinOp, ast.Call, ast.Compare)) for item in ast.walk(part)):
                        found[_bare(ast.unparse(part))] = None
    return [secret for secret in found if len(secret) > 5]  # noqa: PLR2004 - `a + b` is no secret


def _parts(node: ast.AST) -> Iterator[ast.AST]:
    if isinstance(node, (ast.Return, ast.Assign, ast.AugAssign)) and node.value is not None:
        yield node
        yield node.value
        if isinstance(node.value, ast.Tuple):
            yield from node.value.elts


def _bare(text: str) -> str:
    return re.sub(r"\s+", "", text)


def _holds(hint: str, secret: str) -> bool:
    """Whether a hint holds a statement: a short one only where it stands alone, in code marks or as a sentence."""
    if len(secret) >= SHORT:
        return secret in _bare(hint)
    pieces = [*re.findall(r"`([^`]*)`", hint), *re.split(r"(?<=[.;:!?])\s|^|$", hint)]
    return any(_bare(piece).rstrip(".;:!?") == secret for piece in pieces)
