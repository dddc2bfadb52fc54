"""What a notebook shows of a check: as HTML, in the colours of JupyterLab's theme, and as the terminal's text.

The sentences are those of the terminal. The HTML needs no script and loads nothing; where its style sheet is taken
away, as JupyterLab does in a notebook that it does not trust, it reads as well.
"""

from __future__ import annotations

import re
from functools import cache
from html import escape
from itertools import groupby
from pathlib import Path
from textwrap import dedent
from typing import TYPE_CHECKING

from nnedu.outcome import Grid, State
from nnedu.reporting.feedback import WORDS, plain
from nnedu.reporting.terminal import (
    FAULT,
    MAX_NOTE_LINES,
    PRINTED,
    Style,
    closing,
    counted,
    exercise_lines,
    header,
    named,
    short_lesson,
    standing,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from nnedu.notebook.checked import Checked
    from nnedu.outcome import CheckOutcome, Curve, ExerciseOutcome

_MAGIC = re.compile(r"(%\w+ [\w./-]+)")
_SIGNS = Style()
_KEY = ' <svg class="key" viewBox="0 0 32 10" aria-hidden="true"><line class="{}" x1="0" x2="32" y1="5" y2="5"/></svg> '


def as_text(checked: Checked) -> str:
    """Return what the terminal would print, with the words of a notebook."""
    style, outcome = Style(), checked.outcome
    lines = [header(outcome.lesson, checked.title, style), "", *exercise_lines(outcome.exercises, style), ""]
    below = closing(outcome, ".", style, whole=checked.whole, later=checked.later, idiom=checked.idiom)
    return plain("\n".join([*lines, below]))


def as_html(checked: Checked) -> str:
    """Return a check as a fragment of HTML."""
    outcome = checked.outcome
    title = header(outcome.lesson, checked.title, Style(width=10_000))
    lines, step = standing(outcome, whole=checked.whole, later=checked.later, idiom=checked.idiom)
    parts = [
        f'<p class="title"><strong>{_text(title)}</strong></p>',
        "<ul>" + "".join(map(_row, outcome.exercises)) + "</ul>",
        *_cause(checked),
        *_others(checked),
        "".join(f"<p>{_text(line)}</p>" for line in lines),
        f"<p><strong>Next:</strong> {_step(step)}</p>" if step else "",
    ]
    return _framed(f"nnedu check of {short_lesson(outcome.lesson)}", "\n".join(parts))


def message_html(sentence: str, next_step: str = "") -> str:
    """Return a sentence and what to do as a fragment of HTML."""
    more = f"<p>{_step(next_step)}</p>" if next_step else ""
    return _framed("nnedu", f"<p>{_text(sentence)}</p>{more}")


def _framed(label: str, inner: str) -> str:
    style = f"<style>{_style()}</style>"
    return f'{style}\n<div class="nnedu" role="group" aria-label="{escape(label)}">\n{inner}\n</div>'


@cache
def _style() -> str:
    return Path(__file__).with_name("style.css").read_text("utf-8")


def _text(text: str) -> str:
    return escape(plain(text))


def _step(step: str) -> str:
    """Return what to type next, with the commands in it as code."""
    return _MAGIC.sub(r"<code>\1</code>", _text(step))


def _sign(state: State) -> str:
    return f'<span class="{state.value}" aria-hidden="true">{_SIGNS.plain_sign(state)}</span>'


def _row(exercise: ExerciseOutcome) -> str:
    said = "" if exercise.state is State.NOT_STARTED else f'<span class="said">{_text(WORDS[exercise.state])}: </span>'
    return (
        f"<li>{_sign(exercise.state)}<code>{_text(exercise.id)}</code><span>{said}{_text(exercise.summary)}</span></li>"
    )


def _cause(checked: Checked) -> Iterator[str]:
    """Yield what is shown of the first cause."""
    exercise = checked.outcome.first_cause
    if exercise is None or exercise.state is State.NOT_STARTED or exercise.first_failure is None:
        return
    check = exercise.first_failure
    place = checked.idiom.place(exercise)
    yield (
        f'<div class="cause"><p><strong><code>{_text(exercise.id)}</code></strong> '
        f'<span class="place">{_text(place)}</span></p>'
    )
    yield f"<p>{_text(counted(exercise))}</p>"
    yield f"<p>{_sign(check.state)} <code>{_text(exercise.id)}</code> {_text(check.sentence)}</p>"
    if check.state is State.FAULT:
        yield f"<p>{_text(FAULT)}</p>"
    yield from _message(check.message)
    yield from _drawing(check)
    if exercise.diagnosis is not None:
        yield f"<p>{_text(named(exercise.diagnosis, check.state))}</p>"
    yield from _notes(exercise, exercise.notes)
    yield "</div>"


def _others(checked: Checked) -> Iterator[str]:
    """Yield the notes of the other exercises: of those that pass all, of others what they printed."""
    shown = checked.outcome.first_cause
    for one in checked.outcome.exercises:
        if one is not shown or one.state is State.NOT_STARTED:
            passed = one.state is State.PASSED
            yield from _notes(one, [note for note in one.notes if passed or note.startswith(PRINTED)])


def _message(message: str) -> Iterator[str]:
    """Yield a message: its prose as paragraphs, its code and tables, which are indented, as they stand."""
    for code, lines in groupby(message.splitlines(), key=lambda line: line.startswith(" ")):
        if code:
            block = dedent("\n".join(lines))
            yield f'<pre tabindex="0">{_text(block)}</pre>'
        else:
            yield from (f"<p>{_text(line)}</p>" for line in lines if line)


def _drawing(check: CheckOutcome) -> Iterator[str]:
    """Yield the picture of a check as a figure, where what draws it is installed."""
    if check.picture is None:
        return
    try:
        from nnedu.reporting.pages import charts  # noqa: PLC0415 - it needs markupsafe, which comes with Jupyter
    except ImportError:
        return
    if isinstance(check.picture, Grid):
        yield f"<figure>{charts.wrong_grid(check.picture)}<figcaption>{_words(check.picture)}</figcaption></figure>"
        return
    keys = _KEY.format("ours") + "yours" + _KEY.format("theirs") + "the reference"
    yield f"<figure>{charts.loss_curve(check.picture)}<figcaption>{_words(check.picture)}{keys}</figcaption></figure>"


def _words(picture: Grid | Curve) -> str:
    from nnedu.reporting.pages import charts  # noqa: PLC0415

    return _text(charts.grid_words(picture) if isinstance(picture, Grid) else charts.curve_words(picture))


def _notes(exercise: ExerciseOutcome, notes: Iterable[str]) -> Iterator[str]:
    """Yield what was noted of an exercise, and the beginning of what it printed."""
    printed: list[str] = []
    for note in notes:
        if note.startswith(PRINTED):
            printed += note.removeprefix(PRINTED).splitlines()
        else:
            yield f"<p><code>{_text(exercise.id)}</code>: {_text(note)}</p>"
    if printed:
        rows = [f"{line}   ({count} times)" if count > 1 else line for line, count in _runs(printed)]
        left = len(rows) - MAX_NOTE_LINES
        more = [f"... and {left} line{'s' if left != 1 else ''} more"] if left > 0 else []
        shown = "\n".join([*rows[:MAX_NOTE_LINES], *more])
        yield f'<p><code>{_text(exercise.id)}</code> printed:</p><pre tabindex="0">{_text(shown)}</pre>'


def _runs(lines: Iterable[str]) -> list[tuple[str, int]]:
    return [(line, len(list(same))) for line, same in groupby(lines)]
