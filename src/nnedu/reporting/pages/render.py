"""Records to HTML: one file each, which loads nothing, runs nothing but its own script, and escapes every text."""

from __future__ import annotations

import hashlib
from base64 import b64encode
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from nnedu.errors import UsageError
from nnedu.outcome import Grid, Kind, State
from nnedu.reporting.feedback import WORDS, diagnosis_line, may_show
from nnedu.reporting.pages import facts
from nnedu.reporting.pages.words import LINES, MESSAGE, SENTENCE, clip, fixed, message, moment, name, number, percent

try:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined
    from markupsafe import Markup
except ImportError as error:
    _TEXT = "Pages need Jinja2, which is not installed."
    raise UsageError(_TEXT, "Install it with: pip install 'nnedu[classroom]'") from error

from nnedu.reporting.pages import charts
from nnedu.reporting.pages.grid import LETTERS, course_rows, map_rows

if TYPE_CHECKING:
    from collections.abc import Iterator

    from nnedu.outcome import CheckOutcome, Curve, ExerciseOutcome
    from nnedu.reporting.pages.records import CourseReport, LessonReport, StudentReport

_TEMPLATES = Path(__file__).parent / "templates"
TOP = 25  # mistakes that are shown with names and an example
SECTIONS = (
    ("distribution", "Distribution"),
    ("exercises", "Pass rates"),
    ("misunderstood", "What the class misunderstood"),
    ("map", "Every student, every exercise"),
    ("items", "What the exercises measure"),
    ("time", "Time and attempts"),
    ("late", "Late and missing"),
    ("faults", "Faults of the course"),
    ("alike", "Similar submissions"),
    ("provenance", "Provenance"),
)
_KINDS = {State.PASSED: "yes", State.NOT_STARTED: "idle", State.WAITING: "idle", State.FAULT: "idle"}


class Picture(NamedTuple):
    """A drawing, and what it shows in words."""

    drawing: Markup
    words: str
    curve: bool


def lesson_html(report: LessonReport) -> str:
    """Return the page of a lesson over a class."""
    counts = charts.bins([one.share for one in report.graded])
    return _page(
        "lesson.html.j2",
        scripted=True,
        report=report,
        facts=facts.facts_of(report),
        sections=SECTIONS,
        top=report.misunderstood[:TOP],
        rest=report.misunderstood[TOP:],
        histogram=charts.histogram(counts),
        bins=[(charts.bin_name(index), value) for index, value in enumerate(counts)],
        times=facts.arrivals(report),
        attempts=facts.attempts(report),
        hardest=facts.hardest_first(report),
        absent=facts.absent(report),
        letters=[(letter, letter, words) for letter, words in LETTERS.values()],
        rows=map_rows(report),
        remark=facts.remark,
        bar=charts.bar,
    )


def course_html(report: CourseReport) -> str:
    """Return the page of a course so far."""
    return _page(
        "course.html.j2",
        scripted=True,
        report=report,
        behind=facts.falling_behind(report),
        median=facts.median_total(report),
        rows=course_rows(report),
        sparkline=charts.sparkline,
        bar=charts.bar,
    )


def student_html(report: StudentReport) -> str:
    """Return the page that a student is given of a lesson; it runs no script."""
    return _page(
        "student.html.j2",
        scripted=False,
        report=report,
        kind=lambda state: _KINDS.get(state, "no"),
        word=_word,
        said=lambda check: WORDS[check.state],
        open=lambda one: one.state not in {State.PASSED, State.NOT_STARTED},
        shown=_shown,
        diagnosis=diagnosis_line,
    )


def _word(exercise: ExerciseOutcome) -> str:
    return exercise.summary if exercise.state is State.WAITING else WORDS[exercise.state]


def _shown(exercise: ExerciseOutcome) -> Iterator[tuple[CheckOutcome, str, Picture | None]]:
    """Yield the checks that did not pass, the first with its message and picture; of a quiz each with its message."""
    shown = False
    for check in exercise.checks:
        if check.state is State.PASSED:
            continue
        may = may_show(check) and (not shown or exercise.kind is Kind.QUIZ)
        shown = shown or may
        yield check, check.message if may else "", _picture(check.picture) if may and check.picture else None


def _picture(picture: Grid | Curve) -> Picture:
    if isinstance(picture, Grid):
        return Picture(charts.wrong_grid(picture), charts.grid_words(picture), curve=False)
    return Picture(charts.loss_curve(picture), charts.curve_words(picture), curve=True)


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_plain,
    )
    environment.filters |= {
        "name": name,
        "sentence": lambda text: clip(text, SENTENCE),
        "line": lambda text: clip(text, SENTENCE),
        "message": message,
        "percent": percent,
        "number": number,
        "fixed": fixed,
        "moment": moment,
    }
    return environment


def _plain(value: Any) -> Any:
    """Keep control characters and very long texts out of a page, wherever a template forgot to."""
    if type(value) is not str:
        return value
    return value if len(value) <= MESSAGE + LINES and value.isprintable() else clip(value, MESSAGE + LINES)


@cache
def _asset(file: str) -> tuple[Markup, str]:
    """Return a style or script that is put into pages, and its hash for their policy."""
    text = (_TEMPLATES / file).read_text("utf-8")
    return Markup(text), "'sha256-" + b64encode(hashlib.sha256(text.encode()).digest()).decode() + "'"  # noqa: S704 - a file of ours


def _page(template: str, *, scripted: bool, **shown: Any) -> str:
    """Return a page whose policy lets it run and load nothing but its own style and script, known by their hashes."""
    from nnedu import __version__  # noqa: PLC0415

    style, style_hash = _asset("style.css")
    script, script_hash = _asset("page.js") if scripted else (Markup(), "'none'")
    policy = (
        f"default-src 'none'; style-src {style_hash}; script-src {script_hash}; "
        "base-uri 'none'; form-action 'none'; require-trusted-types-for 'script'"
    )
    about = {"policy": policy, "style": style, "script": script, "engine": f"nnedu {__version__}"}
    return _environment().get_template(template).render(**about, **shown)
