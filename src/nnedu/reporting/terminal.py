"""What a student reads in the terminal: pure functions of an outcome, held by golden files.

The rules of tone: facts in lower case, no exclamation marks, only the first cause in full; the last line is what to
type next.
"""

from __future__ import annotations

import textwrap
from dataclasses import dataclass
from typing import TYPE_CHECKING

from nnedu.course.model import lesson_number
from nnedu.outcome import State

if TYPE_CHECKING:
    from nnedu.outcome import CheckOutcome, ExerciseOutcome, LessonOutcome

WIDTH = 100
NAME_WIDTH = 24
MAX_NOTE_LINES = 12


@dataclass(frozen=True, slots=True)
class Style:
    """What the terminal can show."""

    colour: bool = False
    unicode: bool = True

    def sign(self, state: State) -> str:
        """Return the sign of a state, coloured."""
        fancy, plain, colour = _SIGNS[state]
        return self.paint(fancy if self.unicode else plain, colour)

    def paint(self, text: str, colour: str) -> str:
        """Return a text in a colour, or as it is."""
        return f"\x1b[{_COLOURS[colour]}m{text}\x1b[0m" if self.colour and colour else text

    def fit(self, text: str) -> str:
        """Return a text that the terminal can show."""
        return text if self.unicode else text.encode("ascii", "replace").decode("ascii")


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
    return style.paint(style.fit(f"Lesson {number}  {title}" if number else title), "bold")


def exercise_line(exercise: ExerciseOutcome, style: Style) -> str:
    """Return the line of one exercise."""
    quiet = exercise.state in {State.NOT_STARTED, State.WAITING}
    summary = textwrap.shorten(exercise.summary, WIDTH - NAME_WIDTH - 6, placeholder=" ...")
    line = f"{exercise.id:<{NAME_WIDTH}} {summary}"
    return f"  {style.sign(exercise.state)} {style.fit(style.paint(line, 'dim') if quiet else line)}".rstrip()


def details(outcome: LessonOutcome, where: str, style: Style) -> str:
    """Return what is shown of the first cause: its place, its first failing check, and the mistake if it has a name."""
    exercise = outcome.first_cause
    if exercise is None or exercise.state is State.NOT_STARTED or exercise.first_failure is None:
        return ""
    check = exercise.first_failure
    folder = "" if where == "." else f"{where}/"
    place = f"{folder}{exercise.module}.py" + (f":{exercise.line}" if exercise.line else "")
    blocks = [f"{style.paint(exercise.id, 'bold')}   {place}", _checks(exercise, check, style)]
    if check.message:
        blocks.append(textwrap.indent("\n".join(map(_wrapped, style.fit(check.message).splitlines())), "  "))
    if exercise.diagnosis is not None:
        said = f"This matches, to 1e-9, what comes out when {exercise.diagnosis.sentence}."
        blocks.append(textwrap.fill(style.fit(said), WIDTH, initial_indent="  ", subsequent_indent="  "))
    if exercise.notes:
        blocks.append("\n".join(_note(note, style) for note in exercise.notes))
    return "\n\n".join(blocks)


def _checks(exercise: ExerciseOutcome, first: CheckOutcome, style: Style) -> str:
    passed = sum(check.state is State.PASSED for check in exercise.checks)
    count = f"  {passed} of {len(exercise.checks)} checks pass; the first that does not:"
    return f"{count}\n  {style.sign(first.state)} {exercise.id} {style.fit(first.sentence)}"


def _wrapped(line: str) -> str:
    """Break a long line of prose; code and tables, which are indented, stay as they are."""
    return line if len(line) <= WIDTH or line.startswith(" ") else textwrap.fill(line, WIDTH, break_long_words=False)


def _note(note: str, style: Style) -> str:
    lines = [line[:WIDTH] + (" ..." if len(line) > WIDTH else "") for line in style.fit(note).splitlines()]
    more = [f"... and {len(lines) - MAX_NOTE_LINES} lines more"] if len(lines) > MAX_NOTE_LINES else []
    return textwrap.indent("\n".join([*lines[:MAX_NOTE_LINES], *more]), "  " + style.paint("| ", "dim"))


def warnings(outcome: LessonOutcome, style: Style) -> str:
    """Return the notes of exercises that passed: they cost nothing, and are worth a look."""
    rows = [(e.id, note) for e in outcome.exercises for note in e.notes if e.state is State.PASSED]
    return "\n".join(_note(f"{name}: {note}", style) for name, note in rows)


def footer(outcome: LessonOutcome, lesson: str, *, whole: bool = True) -> str:
    """Return how far the student is, and as the last line what to type next. `whole`: all of the lesson was checked."""
    name = short_lesson(lesson)
    passed = sum(exercise.state is State.PASSED for exercise in outcome.exercises)
    checks = sum(len(exercise.checks) for exercise in outcome.exercises)
    if outcome.complete:
        facts = f"{_count(checks, 'check')}, {_count(outcome.points, 'point')}, {outcome.seconds:.2f} s of your code."
        if whole:
            return (
                f"{_lesson_words(lesson)} complete: {_count(passed, 'exercise')}, {facts}\nNext:  nnedu submit {name}"
            )
        return f"{outcome.exercises[0].id} done: {facts}\nNext:  nnedu check {name}"
    points = f"{outcome.points} of {outcome.max_points} points"
    line = f"{passed} of {len(outcome.exercises)} exercises done, {points}." if whole else f"{points}."
    return f"{line}\nNext:  {_next_step(outcome.first_cause, name)}" if outcome.first_cause else line


def _next_step(cause: ExerciseOutcome, lesson: str) -> str:
    """Return what to type, or to do, about the first cause."""
    check = f"nnedu check {lesson}/{cause.id}"
    if cause.state is State.NOT_STARTED:
        return f"write {cause.id} in {cause.module}.py, then  {check}"
    if cause.state is State.FAULT:
        return f"send this to your instructor:  nnedu check {lesson} --json"
    if cause.state in {State.RAISED, State.STOPPED} and cause.diagnosis is None:
        return f"mend {cause.module}.py, then  {check}    or  nnedu hint {lesson}/{cause.id}"
    return f"nnedu hint {lesson}/{cause.id}"


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'s' if number != 1 else ''}"


def _lesson_words(lesson: str) -> str:
    number = lesson_number(lesson)
    return f"Lesson {number}" if number else lesson


def lesson_text(outcome: LessonOutcome, title: str, where: str, style: Style) -> str:
    """Return the whole screen of a check."""
    lines = [header(outcome.lesson, title, style), "", *(exercise_line(one, style) for one in outcome.exercises), ""]
    return "\n".join(lines) + "\n" + closing(outcome, where, style)


def closing(outcome: LessonOutcome, where: str, style: Style, *, whole: bool = True) -> str:
    """Return what comes below the lines of the exercises; not `whole` if only one of them was checked."""
    parts = [details(outcome, where, style), warnings(outcome, style), footer(outcome, outcome.lesson, whole=whole)]
    return "\n\n".join(part for part in parts if part)
