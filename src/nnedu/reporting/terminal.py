"""What a student reads in the terminal: pure functions of an outcome, held by golden files.

The rules of tone: facts in lower case, no exclamation marks, only the first cause in full; the last line is what to
type next. Prose is wrapped to the width of the terminal; code and tables, which are indented, stay as they are.
"""

from __future__ import annotations

import re
import textwrap
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING

from nnedu.course.model import lesson_number
from nnedu.outcome import Kind, State
from nnedu.reporting.idiom import TERMINAL

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from nnedu.outcome import CheckOutcome, Diagnosis, ExerciseOutcome, LessonOutcome
    from nnedu.reporting.idiom import Idiom

WIDTH = 100
NARROWEST = 40
NAME_WIDTH = 24
BESIDE = 30  # columns that a summary needs to stand beside the name
MAX_NOTE_LINES = 12
FAULT = "This is a mistake in the course, not in your code. Nothing is counted against you."
PRINTED = "printed: "
_GLUE = "\0"  # holds the words of a command together


@dataclass(frozen=True, slots=True)
class Style:
    """What the terminal can show."""

    colour: bool = False
    unicode: bool = True
    width: int = WIDTH

    def sign(self, state: State) -> str:
        """Return the sign of a state, coloured."""
        return self.paint(self.plain_sign(state), _SIGNS[state][2])

    def plain_sign(self, state: State) -> str:
        """Return the sign of a state."""
        fancy, plain, _ = _SIGNS[state]
        return fancy if self.unicode else plain

    def paint(self, text: str, colour: str) -> str:
        """Return a text in a colour, or as it is."""
        return f"\x1b[{_COLOURS[colour]}m{text}\x1b[0m" if self.colour and colour else text

    def fit(self, text: str) -> str:
        """Return a text that the terminal can show."""
        return text if self.unicode else text.encode("ascii", "replace").decode("ascii")

    def wrap(self, text: str, first: str = "", rest: str | None = None) -> str:
        """Return a line of prose, broken between words where the terminal ends; `first` and `rest` indent it."""
        rest = first if rest is None else rest
        return "\n".join(self._wrapped(text, first, rest)) or first.rstrip()

    def _wrapped(self, text: str, first: str, rest: str) -> list[str]:
        width = max(self.width, NARROWEST)
        return textwrap.wrap(
            self.fit(text),
            width,
            initial_indent=first,
            subsequent_indent=rest,
            break_on_hyphens=False,
            break_long_words=False,
        )


_COLOURS = {"green": "32", "red": "31", "yellow": "33", "dim": "2", "bold": "1", "cyan": "36"}
_SIGNS = {
    State.PASSED: ("✓", "ok", "green"),
    State.FAILED: ("✗", "--", "red"),
    State.NOT_STARTED: ("·", ". ", "dim"),
    State.RAISED: ("!", "! ", "red"),
    State.STOPPED: ("◷", "T ", "yellow"),
    State.WAITING: ("·", ". ", "dim"),
    State.FAULT: ("?", "? ", "yellow"),
}


def short_lesson(lesson: str) -> str:
    """Return what people type for a lesson."""
    number = lesson_number(lesson)
    return f"lesson{number}" if number else lesson


def header(lesson: str, title: str, style: Style) -> str:
    """Return the first line: which lesson this is."""
    number = lesson_number(lesson)
    text = style.wrap(title, f"Lesson {number}  " if number else "", " " * len(f"Lesson {number}  ") if number else "")
    return "\n".join(style.paint(line, "bold") for line in text.split("\n"))


def row(state: State, name: str, summary: str, style: Style) -> str:
    """Return the line of one thing and what is the matter with it: beside its name, or below where there is no room."""
    lead = len(style.plain_sign(state)) + 3
    quiet = "dim" if state in {State.NOT_STARTED, State.WAITING} else ""
    column = lead + NAME_WIDTH + 1
    if style.width - column >= BESIDE or column + len(summary) <= style.width:
        text = style.wrap(summary, f"{' ' * lead}{name:<{NAME_WIDTH}} ", " " * column)
    else:
        text = f"{' ' * lead}{name}\n{style.wrap(summary, ' ' * (lead + 2))}"
    first, *others = [style.paint(line.rstrip(), quiet) for line in text[lead:].split("\n")]
    return "\n".join([f"  {style.sign(state)} {first}".rstrip(), *others])


def exercise_line(exercise: ExerciseOutcome, style: Style, earlier: Iterable[ExerciseOutcome] = ()) -> str:
    """Return the line of one exercise. The exercises of a module that cannot be loaded share one: that of the first."""
    if not exercise.broken_at:
        return row(exercise.state, exercise.id, exercise.summary, style)
    if any(one.broken_at and one.module == exercise.module for one in earlier):
        return ""
    file = exercise.broken_at.partition(":")[0]
    failure = exercise.first_failure
    if file != exercise.file or failure is None:
        return row(State.WAITING, exercise.file, f"waits for {file}", style)
    return row(failure.state, exercise.file, failure.summary, style)


def exercise_lines(exercises: Sequence[ExerciseOutcome], style: Style) -> Iterator[str]:
    """Yield the lines of exercises."""
    for index, one in enumerate(exercises):
        if line := exercise_line(one, style, exercises[:index]):
            yield line


def details(outcome: LessonOutcome, where: str, style: Style, idiom: Idiom = TERMINAL) -> str:
    """Return what is shown of the first cause: its place, its first failing check, and the mistake if it has a name."""
    exercise = outcome.first_cause
    if exercise is None or exercise.state is State.NOT_STARTED or exercise.first_failure is None:
        return ""
    check = exercise.first_failure
    folder = "" if where == "." else f"{where}/"
    title = exercise.file if exercise.broken_at else exercise.id
    blocks = [
        _heading(title, f"{folder}{idiom.place(exercise)}", style),
        style.wrap(unloaded(outcome, exercise), "  ") if exercise.broken_at else _checks(exercise, check, style),
    ]
    if check.state is State.FAULT:
        blocks.append(style.wrap(FAULT, "  "))
    if check.message:
        blocks.append("\n".join(_line(line, style) for line in check.message.splitlines()))
    if exercise.diagnosis is not None:
        blocks.append(style.wrap(named(exercise.diagnosis, check.state), "  "))
    if exercise.notes:
        blocks.append(_notes(exercise, exercise.notes, style))
    return "\n\n".join(blocks)


def _heading(title: str, place: str, style: Style) -> str:
    gap = "   " if len(title) + 3 + len(place) <= style.width else "\n  "
    return f"{style.paint(title, 'bold')}{gap}{style.fit(place)}"


def _checks(exercise: ExerciseOutcome, first: CheckOutcome, style: Style) -> str:
    count = style.wrap(counted(exercise), "  ")
    indent = " " * (len(style.plain_sign(first.state)) + 3)
    sentence = style.wrap(f"{exercise.id} {first.sentence}", indent).lstrip()
    return f"{count}\n  {style.sign(first.state)} {sentence}"


def counted(exercise: ExerciseOutcome) -> str:
    """Say how many checks of an exercise pass, before the first that does not is shown."""
    passed = sum(check.state is State.PASSED for check in exercise.checks)
    return f"{passed} of {len(exercise.checks)} checks pass; the first that does not:"


def named(diagnosis: Diagnosis, state: State) -> str:
    """Say which known mistake it is; `state` is that of the first check that does not pass."""
    found = "This is the error that comes" if state is State.RAISED else "This matches, to 1e-9, what comes"
    return f"{found} out when {diagnosis.sentence}."


def unloaded(outcome: LessonOutcome, exercise: ExerciseOutcome) -> str:
    """Say that the file of an exercise cannot be loaded, and what that costs."""
    count = sum(bool(one.broken_at) and one.module == exercise.module for one in outcome.exercises)
    return f"This file cannot be loaded, so nothing in it was checked: {_count(count, 'exercise')}."


def _line(line: str, style: Style) -> str:
    """Break a long line of prose; code and tables, which are indented, stay as they are."""
    return style.wrap(line, "  ") if line and not line.startswith(" ") else f"  {style.fit(line)}".rstrip()


def _notes(exercise: ExerciseOutcome, notes: Iterable[str], style: Style) -> str:
    """Return what was noted of an exercise, and the beginning of what it printed: equal lines in a row once."""
    said = [f"{exercise.id}: {note}" for note in notes if not note.startswith(PRINTED)]
    lines = [row for line in said for row in _behind_a_bar(line, "", style)]
    printed = [line for note in notes if note.startswith(PRINTED) for line in note[len(PRINTED) :].splitlines()]
    rows = []
    for line, same in groupby(printed):
        count = len(list(same))
        rows += _behind_a_bar(line + (f"   ({count} times)" if count > 1 else ""), "  ", style)
    if rows:
        left = len(rows) - MAX_NOTE_LINES
        lines += [*_behind_a_bar(f"{exercise.id} printed:", "", style), *rows[:MAX_NOTE_LINES]]
        lines += _behind_a_bar(f"... and {_count(left, 'line')} more", "  ", style) if left > 0 else []
    return "\n".join(lines)


def _behind_a_bar(line: str, indent: str, style: Style) -> list[str]:
    """Return a note behind a bar, broken where the terminal ends: within words too, as students print anything."""
    bar = "  " + style.paint("|", "dim")
    width = max(style.width, NARROWEST) - 4
    broken = textwrap.wrap(
        style.fit(line), width - len(indent), replace_whitespace=False, drop_whitespace=False, break_on_hyphens=False
    )
    return [f"{bar} {indent}{part.rstrip()}".rstrip() for part in broken or [""]]


def warnings(outcome: LessonOutcome, style: Style) -> str:
    """Return the notes of the other exercises: of those that pass all, as worth a look; of others what they printed."""
    shown = outcome.first_cause
    blocks = []
    for one in outcome.exercises:
        passed = one.state is State.PASSED
        notes = [note for note in one.notes if passed or note.startswith(PRINTED)]
        if notes and (one is not shown or one.state is State.NOT_STARTED):
            blocks.append(_notes(one, notes, style))
    return "\n".join(blocks)


def footer(outcome: LessonOutcome, style: Style, *, whole: bool = True, later: int = 0, idiom: Idiom = TERMINAL) -> str:
    """Return how far the student is, and as the last line what to type next.

    `whole`: all of the lesson was checked; `later` points are in checks that run when it is graded.
    """
    lines, step = standing(outcome, whole=whole, later=later, idiom=idiom)
    return "\n".join([*map(style.wrap, lines), *([next_line(step, style)] if step else [])])


def standing(
    outcome: LessonOutcome, *, whole: bool = True, later: int = 0, idiom: Idiom = TERMINAL
) -> tuple[list[str], str]:
    """Return the sentences on how far the student is, and what to type next; see `footer`."""
    name = short_lesson(outcome.lesson)
    passed = sum(exercise.state is State.PASSED for exercise in outcome.exercises)
    points = f"{outcome.points} of {outcome.max_points} points"
    if outcome.complete:
        checks = sum(len(exercise.checks) for exercise in outcome.exercises)
        facts = f"{_count(checks, 'check')}, {_count(outcome.points, 'point')}, {outcome.seconds:.2f} s of your code."
        whole_done = f"{_lesson_words(outcome.lesson)} complete: {_count(passed, 'exercise')}"
        line = f"{whole_done}, {facts}" if whole else f"{_done(outcome)}: {facts}"
        step = idiom.onwards(name) if whole else idiom.check(name)
    else:
        line = f"{passed} of {len(outcome.exercises)} exercises done, {points}." if whole else f"{points}."
        step = _next_step(outcome.first_cause, name, idiom) if outcome.first_cause else ""
    if not later or not whole:
        return [line], step
    are = "more points are" if later != 1 else "more point is"
    return [line, f"{later} {are} in checks that run when it is graded."], step


def next_line(step: str, style: Style) -> str:
    """Return the last line of a screen: what to type next."""
    whole = re.sub(r"(?:nnedu |%)\w+(?: [^\s,]+)?(?: --to \d+)?", lambda found: found[0].replace(" ", _GLUE), step)
    return style.wrap(whole, "Next:  ", "       ").replace(_GLUE, " ")


def _done(outcome: LessonOutcome) -> str:
    first, *others = outcome.exercises
    return f"{first.file if others else first.id} done"


def _next_step(cause: ExerciseOutcome, lesson: str, idiom: Idiom) -> str:
    """Return what to type, or to do, about the first cause."""
    check = idiom.check(lesson, cause.id)
    if cause.kind is Kind.QUIZ:
        return f"nnedu quiz {lesson}"
    if cause.broken_at:
        return f"mend {cause.broken_at}, then  {idiom.check(lesson)}"
    if cause.state is State.NOT_STARTED:
        return f"write {cause.id} in {idiom.file(cause)}, then  {check}"
    if cause.state is State.FAULT:
        return idiom.report(lesson)
    if cause.state in {State.RAISED, State.STOPPED} and cause.diagnosis is None:
        return f"mend {idiom.file(cause)}, then  {check}    or  {idiom.hint(lesson, cause.id)}"
    return idiom.hint(lesson, cause.id)


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'s' if number != 1 else ''}"


def _lesson_words(lesson: str) -> str:
    number = lesson_number(lesson)
    return f"Lesson {number}" if number else lesson


def lesson_text(outcome: LessonOutcome, title: str, where: str, style: Style) -> str:
    """Return the whole screen of a check."""
    lines = [header(outcome.lesson, title, style), "", *exercise_lines(outcome.exercises, style), ""]
    return "\n".join(lines) + "\n" + closing(outcome, where, style)


def closing(
    outcome: LessonOutcome, where: str, style: Style, *, whole: bool = True, later: int = 0, idiom: Idiom = TERMINAL
) -> str:
    """Return what comes below the lines of the exercises; `whole` and `later` as in `footer`."""
    foot = footer(outcome, style, whole=whole, later=later, idiom=idiom)
    parts = [details(outcome, where, style, idiom), warnings(outcome, style), foot]
    return "\n\n".join(part for part in parts if part)
