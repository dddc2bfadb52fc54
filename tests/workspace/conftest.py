"""A small lesson, made by hand: two modules, one exercise in each."""

import io
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path

import msgspec
import pytest

from nnedu.outcome import CheckOutcome, Diagnosis, ExerciseOutcome, LessonOutcome, State
from nnedu.publishing.bundle import BundledExercise, Manifest
from nnedu.workspace.fetch import fetch
from nnedu.workspace.workspace import Workspace

LESSON = "lesson02_layers"
LESSONS = ("lesson01_basics", LESSON, "lesson10_words")


def bundle_zip(
    lesson: str = LESSON, *, stubs: Mapping[str, str] | None = None, readme: str = "# Layers\n", **about: object
) -> bytes:
    """Return a bundle as bytes."""
    stubs = {"dense": "# dense\n", "relu": "# relu\n"} if stubs is None else stubs
    exercises = (
        BundledExercise("forward", "dense", "the forward pass", 3, ("Think of shapes.",)),
        BundledExercise("relu", "relu", "the ReLU", 2, ()),
    )
    given = {
        "format": 1,
        "course": "Tiny",
        "version": "1.0",
        "lesson": lesson,
        "title": "Layers",
        "modules": tuple(stubs),
        "imports": ("numpy",),
        "call_seconds": 1.0,
        "submission_seconds": 10.0,
        "lessons": LESSONS,
        "exercises": exercises,
        "mistakes": (),
    }
    files = {"bundle.json": msgspec.json.encode(Manifest(**given | about)), "README.md": readme.encode()}
    files |= {f"stubs/{name}.py": text.encode() for name, text in stubs.items()}
    return zip_of(files)


def zip_of(files: Mapping[str, bytes]) -> bytes:
    """Return files as the bytes of a zip."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return buffer.getvalue()


def outcome(state: State = State.PASSED, *, points: int = 3, mistake: str | None = None) -> LessonOutcome:
    """Return what came of a check of `forward`."""
    check = CheckOutcome(
        "forward::a", "is right", state, points, 3, "" if state is State.PASSED else "3 times too large"
    )
    diagnosis = Diagnosis(mistake, "the mean is missing") if mistake else None
    one = ExerciseOutcome("forward", "dense", "the forward pass", state, points, 3, "1 check", diagnosis, (check,))
    return LessonOutcome(LESSON, (one,))


def tree(folder: Path) -> dict[str, bytes]:
    """Return every file below a folder."""
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    """Give a workspace with the lesson fetched."""
    made = Workspace.create(tmp_path / "nn")
    fetch(made, bundle_zip())
    return made


@pytest.fixture
def dense(workspace: Workspace) -> Path:
    """Give the file that the student edits."""
    return workspace.folder(LESSON) / "dense.py"


@pytest.fixture
def make_bundle() -> Callable[..., bytes]:
    """Give the function that makes a bundle."""
    return bundle_zip


@pytest.fixture
def make_outcome() -> Callable[..., LessonOutcome]:
    """Give the function that makes an outcome."""
    return outcome


@pytest.fixture
def files_of() -> Callable[[Path], dict[str, bytes]]:
    """Give the function that reads a whole folder."""
    return tree
