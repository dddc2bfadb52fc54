"""The bundle of a lesson: everything that a student needs, and nothing that gives an answer away.

A zip with fixed dates, so that the same course gives the same bytes: README, stubs, public checks, their recordings,
hints. It is unpacked into the student's workspace; `Bundle` reads it there.
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

import msgspec

from nnedu.diagnosis.known import Known  # noqa: TC001 - msgspec reads the types of fields
from nnedu.errors import UsageError
from nnedu.outcome import PLOTS_FILE, Kind, file_of

if TYPE_CHECKING:
    from pathlib import Path

    from nnedu.course.asked import AskedQuiz
    from nnedu.sandbox.submission import Limits

FORMAT = 1
MANIFEST = "bundle.json"
README = "README.md"
STUBS = "stubs"
GRADERS = "graders"
TRACES = "traces"
QUIZ = "quiz.json"
PLOTS = (PLOTS_FILE, "plots.toml")  # what nnedu plot draws, and numbers that it reads; beside the public checks
FIGURE = re.compile(r"figures/[\w-]+\.(svg|png)", re.ASCII)
MAX_BUNDLE = 64 << 20
MAX_FIGURE = 256 << 10


class BundledExercise(msgspec.Struct, frozen=True):
    """An exercise as a student knows it: its public points, and general hints. That of a quiz is in no module.

    `later` are the points that can be earned only when it is graded.
    """

    id: str
    module: str
    title: str
    points: int
    hints: tuple[str, ...]
    kind: Kind = Kind.CODE
    later: int = 0

    @property
    def file(self) -> str:
        """The file that the student writes it in."""
        return file_of(self.module, self.kind)


class Manifest(msgspec.Struct, frozen=True):
    """What a bundle says of itself. `plotted` are the lessons of the course that have plots."""

    format: int
    course: str
    version: str
    lesson: str
    title: str
    modules: tuple[str, ...]
    imports: tuple[str, ...]
    call_seconds: float
    submission_seconds: float
    lessons: tuple[str, ...]
    exercises: tuple[BundledExercise, ...]
    mistakes: tuple[Known, ...]
    exercise_seconds: float = 30.0
    plotted: tuple[str, ...] = ()

    @property
    def limits(self) -> Limits:
        """How long a student's code may take."""
        from nnedu.sandbox.submission import Limits  # noqa: PLC0415 - what only reads a bundle needs no numpy

        return Limits(self.call_seconds, self.submission_seconds, self.exercise_seconds)

    @property
    def has_quiz(self) -> bool:
        """Whether there are questions to answer."""
        return any(one.kind is Kind.QUIZ for one in self.exercises)

    def hints(self, exercise: str, mistake: str | None) -> tuple[str, ...]:
        """Return the hints of a mistake, or the general ones of the exercise."""
        for known in self.mistakes:
            if known.id == mistake and known.exercise == exercise:
                return known.hints
        return next((one.hints for one in self.exercises if one.id == exercise), ())


class Bundle:
    """An unpacked bundle."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        try:
            self.manifest = msgspec.json.decode((folder / MANIFEST).read_bytes(), type=Manifest)
        except (OSError, msgspec.DecodeError) as error:
            text = f"The lesson in {folder} is damaged: {error}."
            raise UsageError(text, "Fetch it again: nnedu fetch LESSON") from error
        if self.manifest.format != FORMAT:
            text = f"The lesson in {folder} has format {self.manifest.format}; this nnedu reads format {FORMAT}."
            raise UsageError(text, "Fetch it again, or upgrade: pip install --upgrade nnedu")

    @property
    def graders(self) -> Path:
        """The folder of the public checks."""
        return self.folder / GRADERS

    @property
    def traces(self) -> Path:
        """The folder of the recordings."""
        return self.folder / TRACES

    def stub(self, module: str) -> bytes:
        """Return the stub of a module."""
        return (self.folder / STUBS / f"{module}.py").read_bytes()

    def quizzes(self) -> tuple[AskedQuiz, ...]:
        """Return the quizzes of the lesson, none if it has none."""
        path = self.folder / QUIZ
        if not path.is_file():
            return ()
        from nnedu.course.asked import AskedQuiz  # noqa: PLC0415 - most commands need no quiz

        try:
            return msgspec.json.decode(path.read_bytes(), type=tuple[AskedQuiz, ...])
        except (OSError, msgspec.DecodeError) as error:
            text = f"The quiz in {self.folder} is damaged: {error}."
            raise UsageError(text, "Fetch the lesson again: nnedu fetch LESSON") from error

    def readme(self) -> bytes:
        """Return the text of the lesson."""
        return (self.folder / README).read_bytes()


def contents(data: bytes) -> dict[str, bytes]:
    """Read a bundle in memory, refusing names that lead elsewhere and more bytes than a lesson has."""
    files: dict[str, bytes] = {}
    left = MAX_BUNDLE
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            for info in archive.infolist():
                path = PurePosixPath(info.filename)
                if info.is_dir():
                    continue
                if path.is_absolute() or ".." in path.parts or "\\" in info.filename or ":" in info.filename:
                    text = f"The bundle holds a file that leads outside it: {info.filename!r}."
                    raise UsageError(text, "Ask your instructor for the bundle.")
                with archive.open(info) as member:
                    files[info.filename] = member.read(left + 1)
                left -= len(files[info.filename])
                if left < 0:
                    text = f"The bundle is larger than {MAX_BUNDLE >> 20} MiB."
                    raise UsageError(text, "Ask your instructor for the bundle.")
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError, OSError) as error:
        text = "That file is not a lesson's bundle."
        raise UsageError(
            text, "A bundle is a zip that ends in the lesson's name, lesson05_backpropagation.zip."
        ) from error
    if MANIFEST not in files:
        text = "That zip is not a lesson's bundle: it holds no bundle.json."
        raise UsageError(text, "A bundle is a zip that ends in the lesson's name, lesson05_backpropagation.zip.")
    return files
