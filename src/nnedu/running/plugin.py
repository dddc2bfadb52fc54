"""The pytest plugin: `pytest graders/lesson05_backpropagation` runs checks on the solution, or on `--student PATH`.

It is loaded in every pytest run, so it imports nothing of the engine before a grader asks for one of its fixtures.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from nnedu.running.evidence import Live
    from nnedu.sandbox.submission import Submission


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add `--student PATH`."""
    group = parser.getgroup("nnedu", "graders of an nnedu course")
    group.addoption(
        "--student", metavar="PATH", help="a folder with a student's modules, graded instead of the solution"
    )


@pytest.fixture(scope="module")
def _live(request: pytest.FixtureRequest) -> Live:
    from nnedu.course import find_course, load_course  # noqa: PLC0415 - only where a grader runs
    from nnedu.running.evidence import Live  # noqa: PLC0415 - only where a grader runs

    root = find_course(request.path.parent)
    if root is None:
        pytest.fail(f"{request.path} is not inside a course: there is no course.toml above it.", pytrace=False)
    course = load_course(root)
    return Live(course, course.lesson(request.path.parent.name))


@pytest.fixture(scope="module")
def _submission(request: pytest.FixtureRequest, _live: Live) -> Iterator[Submission]:
    from nnedu.running.evidence import local_submission  # noqa: PLC0415 - only where a grader runs
    from nnedu.running.work import read_folder  # noqa: PLC0415 - only where a grader runs

    folder = request.config.getoption("--student")
    if folder is None:
        submission = local_submission(_live.sources, _live.allowed)
    else:
        submission = read_folder(Path(folder), _live.lesson.modules).open(_live.allowed)
    yield submission
    submission.close()


def _check_name(request: pytest.FixtureRequest) -> tuple[str, str]:
    from nnedu.checking.marks import mark_of  # noqa: PLC0415 - only where a grader runs

    mark = mark_of(request.cls)
    return (mark.id if mark else ""), request.node.name.removeprefix("test_")


@pytest.fixture
def student(request: pytest.FixtureRequest, _submission: Submission) -> Any:
    """The student's functions: of the solution, or of `--student PATH`."""
    from nnedu.sandbox.client import Proxy  # noqa: PLC0415 - only where a grader runs

    return Proxy(_submission, request.path.stem.removeprefix("test_"))


@pytest.fixture
def reference(request: pytest.FixtureRequest, _live: Live) -> Any:
    """The solution's functions."""
    from nnedu.sandbox.client import Proxy  # noqa: PLC0415 - only where a grader runs

    return Proxy(_live.solution, request.path.stem.removeprefix("test_"))


@pytest.fixture
def rng(request: pytest.FixtureRequest, _live: Live) -> Any:
    """A generator that depends on the course's key and the check."""
    return _live.seeded("/".join(_check_name(request)))
