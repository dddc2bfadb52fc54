"""GitHub Actions: a workflow that checks a lesson, a table for its summary, and Classroom 50's result.json.

GitHub obeys what it finds in a log, and shows what it finds in a summary as Markdown and HTML. So nothing of a
student's is printed, and in the table stand only names of the course and states; no exit code is read.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import msgspec

import nnedu
from nnedu.errors import UsageError
from nnedu.outcome import State
from nnedu.reporting.feedback import WORDS
from nnedu.reporting.terminal import short_lesson

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

SCHEMA = "classroom50/result/v1"
MOMENT = "%Y-%m-%dT%H:%M:%SZ"
MAX_NAME = 120
LOG_LINES = 4
BUNDLES = ".nnedu-release"
_LOUD = re.compile(r"[^\w .,:;()=+/%'’-]")
_MARKS = {State.PASSED: "✅", State.NOT_STARTED: "▫️", State.WAITING: "▫️", State.FAULT: "❔"}


class _Scored(msgspec.Struct, frozen=True):
    points: int
    max_points: int

    def __post_init__(self) -> None:
        if not 0 <= self.points <= self.max_points:
            text = f"{self.points} of {self.max_points} points"
            raise ValueError(text)


class Check(_Scored, frozen=True):
    """A check, as `nnedu check --json` prints it."""

    id: str
    sentence: str
    state: State


class Exercise(_Scored, frozen=True):
    """An exercise, as `nnedu check --json` prints it."""

    id: str
    state: State
    checks: tuple[Check, ...] = ()


class Checked(_Scored, frozen=True):
    """What `nnedu check --json` prints, as far as it is of use here."""

    lesson: str
    exercises: tuple[Exercise, ...]

    @property
    def complete(self) -> bool:
        """Whether every exercise passes."""
        return bool(self.exercises) and all(one.state is State.PASSED for one in self.exercises)

    @property
    def faulty(self) -> bool:
        """Whether the course itself was wrong somewhere."""
        states = {check.state for one in self.exercises for check in one.checks}
        return State.FAULT in states | {one.state for one in self.exercises}


def read_checked(data: bytes, log: str = "") -> Checked:
    """Read what `nnedu check --json` has printed; `log` is what was said besides."""
    try:
        return msgspec.json.decode(data, type=Checked)
    except msgspec.DecodeError as error:
        said = " ".join(quiet(line).strip() for line in log.splitlines()[-LOG_LINES:])
        text = f"The check did not come to its end. {said}".rstrip()
        raise UsageError(text, "Mend what it says; then run the job again.") from error


def workflow(lesson: str, install: str = "", *, bundled: bool = False) -> str:
    """Return the workflow of a lesson. `install`: what pip installs; `bundled`: the lesson is in the repository."""
    short = short_lesson(lesson)
    source = f" --from {BUNDLES}" if bundled else ""
    return _WORKFLOW.format(
        version=nnedu.__version__,
        lesson=lesson,
        short=short,
        source=source,
        install=_quoted(install or f"nnedu=={nnedu.__version__}"),
    )


def _quoted(text: str) -> str:
    if not re.fullmatch(r"[\w.,=<>!~\[\]:/@+ -]+", text):
        quoted = f"{text!r} cannot stand in a workflow."
        raise UsageError(quoted, "Name a package, a wheel or an address, such as nnedu==0.1.0 or wheels/nnedu.whl.")
    return f'"{text}"'


def summary(checked: Checked) -> str:
    """Return the table of a job's summary, as Markdown."""
    rows = [
        f"| {_MARKS.get(one.state, '❌')} | `{quiet(one.id)}` | {WORDS[one.state]} | {one.points} / {one.max_points} |"
        for one in checked.exercises
    ]
    lines = [
        f"### nnedu check {quiet(short_lesson(checked.lesson))}",
        "",
        "| | exercise | | points |",
        "| --- | --- | --- | ---: |",
        *rows,
        f"| | **all** | | **{checked.points} / {checked.max_points}** |",
        "",
        f"What is wrong, and hints: run `nnedu check {quiet(short_lesson(checked.lesson))}` on your own machine.",
    ]
    if checked.faulty:
        lines.append("\nA mistake in the course was met, which is not counted. Please tell your instructor.")
    return "\n".join(lines) + "\n"


def quiet(text: str) -> str:
    """Return a name with nothing in it that Markdown, HTML or a log of GitHub's might obey."""
    return _LOUD.sub(" ", text)[:MAX_NAME].replace("::", ": :")


def result(checked: Checked, environment: Mapping[str, str], now: datetime) -> dict[str, object]:
    """Return Classroom 50's result.json, by what its runner, or else GitHub itself, says of the submission."""
    said = {name: value for name, value in environment.items() if value}
    repository = said.get("GITHUB_REPOSITORY", "owner/repository")
    address = f"{said.get('GITHUB_SERVER_URL', 'https://github.com')}/{repository}"
    sha = said.get("GITHUB_SHA", "unknown")
    commit = said.get("COMMIT_URL", f"{address}/commit/{sha}")
    moment = now.strftime(MOMENT)
    return {
        "schema": SCHEMA,
        "classroom": said.get("CLASSROOM", repository.partition("/")[0]),
        "assignment": said.get("ASSIGNMENT", short_lesson(checked.lesson)),
        "assignment_type": "group" if said.get("ASSIGNMENT_TYPE") == "group" else "individual",
        "owner": said.get("OWNER") or said.get("USERNAME") or said.get("GITHUB_ACTOR", repository.partition("/")[0]),
        "submission": said.get("SUBMISSION_TAG", f"submit/{now:%Y-%m-%dT%H-%M-%SZ}-{sha[:7]}"),
        "commit": commit,
        "release": said.get("RELEASE_URL", commit),
        "review": said.get("REVIEW_URL", commit),
        "datetime": moment,
        "graded_at": moment,
        "score": checked.points,  # integers, as all of nnedu's points are; Classroom 50 takes nothing else
        "max-score": checked.max_points,
        "tests": [
            {
                "test-name": quiet(f"{one.id} {check.sentence}").strip() or "check",
                "passed": check.state is State.PASSED,
                "score": check.points,
                "max-score": check.max_points,
            }
            for one in checked.exercises
            for check in one.checks
        ],
    }


_WORKFLOW = """\
# Written by nnedu export actions, of nnedu {version}. It checks {lesson} at every push.
# What a student's repository says of itself is for the student: for marks, run nnedu grade on your own machine.
name: nnedu {short}

on:
  push:
  workflow_dispatch:

permissions:
  contents: read

jobs:
  check:
    runs-on: ubuntu-latest
    timeout-minutes: 15
    steps:
      - uses: actions/checkout@v4
        with:
          persist-credentials: false
      - uses: actions/setup-python@v5
        with:
          python-version: "3.12"
      - name: Install nnedu
        run: python -m pip install --disable-pip-version-check {install}
      - name: Check
        run: |
          # Into files: what is printed here GitHub may obey.
          nnedu fetch {short}{source} > "$RUNNER_TEMP/log.txt" 2>&1 || true
          nnedu check {short} --json > "$RUNNER_TEMP/check.json" 2>> "$RUNNER_TEMP/log.txt" || true
      - name: Report
        run: |
          nnedu export report-actions "$RUNNER_TEMP/check.json" --log "$RUNNER_TEMP/log.txt" \\
            --summary "$GITHUB_STEP_SUMMARY" --result result.json
"""
