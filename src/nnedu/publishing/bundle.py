"""The bundle of a lesson: everything that a student needs, and nothing that gives an answer away.

A zip with fixed dates, so that the same course gives the same bytes: README, stubs, public checks, their recordings,
hints. It is unpacked into the student's workspace; `Bundle` reads it there.
"""

from __future__ import annotations

import io
import zipfile
import zlib
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

import msgspec

from nnedu.course.load import NAME as COURSE_FILE
from nnedu.errors import CourseFault, UsageError
from nnedu.publishing.public import refuse_leaks, without_hidden
from nnedu.publishing.stubs import lesson_stubs

if TYPE_CHECKING:
    from nnedu.course import Course, Lesson
    from nnedu.running.evidence import Known, Live

FORMAT = 1
MANIFEST = "bundle.json"
README = "README.md"
STUBS = "stubs"
GRADERS = "graders"
TRACES = "traces"
BUILT_IN = Path(__file__).parents[1] / "bundles"
MAX_BUNDLE = 64 << 20


class BundledExercise(msgspec.Struct, frozen=True):
    """An exercise as a student knows it: its public points, and general hints."""

    id: str
    module: str
    title: str
    points: int
    hints: tuple[str, ...]


class BundledMistake(msgspec.Struct, frozen=True):
    """A named mistake as it leaves: a clause and hints, no source."""

    id: str
    exercise: str
    sentence: str
    hints: tuple[str, ...]


class Manifest(msgspec.Struct, frozen=True):
    """What a bundle says of itself."""

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
    mistakes: tuple[BundledMistake, ...]

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

    def readme(self) -> bytes:
        """Return the text of the lesson."""
        return (self.folder / README).read_bytes()


def build(course: Course, lesson: Lesson) -> bytes:
    """Return the bundle of a lesson as the bytes of a zip."""
    # Collecting and recording need pytest and numpy, which reading a bundle does not.
    from nnedu.running.collect import collect  # noqa: PLC0415
    from nnedu.running.evidence import Live, trace_name  # noqa: PLC0415

    live = Live(course, lesson)
    exercises = collect(lesson.graders_folder, lesson.modules)
    files: dict[str, bytes] = {}
    readme = lesson.exercises_folder / README
    files[README] = readme.read_bytes() if readme.is_file() else f"# {lesson.title}\n".encode()
    for module, text in lesson_stubs(lesson).items():
        files[f"{STUBS}/{module}.py"] = text.encode()
    sources = {m: (lesson.graders_folder / f"test_{m}.py").read_text("utf-8") for m in lesson.modules}
    graders = {module: without_hidden(source) for module, source in sources.items()}
    refuse_leaks(graders, exercises)
    files |= {f"{GRADERS}/test_{module}.py": text.encode() for module, text in graders.items()}
    for check in (check for exercise in exercises for check in exercise.checks if not check.hidden):
        name = f"{TRACES}/{trace_name(check.id, '')}"
        if name.lower() in {known.lower() for known in files}:
            text = f"The recording of the check {check.id} would take the place of another one's; give it another name."
            raise CourseFault(text)
        files[name], files[f"{TRACES}/{trace_name(check.id, '.mistakes')}"] = recordings(live, check)
    hints = load_hints(lesson)
    bundled = tuple(
        BundledExercise(
            one.id, one.module, one.title, sum(c.points for c in one.checks if not c.hidden), hints.get(one.id, ())
        )
        for one in exercises
    )
    mistakes = tuple(_leave(known) for one in exercises if not one.sealed for known in live.mistakes(one.id))
    manifest = Manifest(
        FORMAT,
        course.title,
        course.version,
        lesson.id,
        lesson.title,
        lesson.modules,
        tuple(sorted(course.imports)),
        course.limits.call_seconds,
        course.limits.submission_seconds,
        tuple(one.id for one in course.lessons),
        bundled,
        mistakes,
    )
    files[MANIFEST] = msgspec.json.format(msgspec.json.encode(manifest))
    return _zip(files)


def _leave(known: Known) -> BundledMistake:
    return BundledMistake(known.id, known.exercise, known.sentence, known.hints)


def recordings(live: Live, check: object) -> tuple[bytes, bytes]:
    """Return the recording of a check, and what the mistakes answer where it is not what the solution answers."""
    from nnedu.diagnosis.trace import Trace, agree, to_bytes  # noqa: PLC0415
    from nnedu.running.collect import Check  # noqa: PLC0415
    from nnedu.sandbox.wire import WireError  # noqa: PLC0415

    assert isinstance(check, Check)  # noqa: S101 - for the type checker; Check cannot be imported above
    trace = live.trace(check)
    if check.sealed:
        return to_bytes(Trace(trace.draws, trace.generators, trace.reference, [])), to_bytes({})
    departing = {}
    for known in live.mistakes(check.exercise):
        answers = live.answers(check, known.id)
        if len(answers) != len(trace.student) or not all(map(agree, trace.student, answers)):
            departing[known.id] = answers
    try:
        return to_bytes(trace), to_bytes(departing)
    except WireError as error:
        text = f"The check {check.id} cannot be recorded: {error}."
        raise CourseFault(text) from error


def load_hints(lesson: Lesson) -> dict[str, tuple[str, ...]]:
    """Return the general hints of each exercise."""
    path = lesson.graders_folder / "hints.toml"
    if not path.is_file():
        return {}
    try:
        table = msgspec.toml.decode(path.read_bytes(), type=dict[str, dict[str, tuple[str, ...]]])
    except msgspec.DecodeError as error:
        text = f"{path} cannot be read: {error}."
        raise CourseFault(text) from error
    return {exercise: entry.get("hints", ()) for exercise, entry in table.items()}


def _zip(files: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in sorted(files):
            info = zipfile.ZipInfo(name, date_time=(2020, 1, 1, 0, 0, 0))
            info.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(info, files[name])
    return buffer.getvalue()


def build_all(root: Path, out: Path) -> list[Path]:
    """Build the bundle of every lesson of a course into a folder."""
    from nnedu.course import load_course  # noqa: PLC0415

    course = load_course(root)
    out.mkdir(parents=True, exist_ok=True)
    paths = []
    for lesson in course.lessons:
        paths.append(out / f"{lesson.id}.zip")
        paths[-1].write_bytes(build(course, lesson))
    return paths


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


def checkout() -> Path | None:
    """Return the course that this nnedu runs from the sources of, if it does."""
    root = Path(__file__).parents[3]
    return root if (root / COURSE_FILE).is_file() and (root / "solutions").is_dir() else None


def built_in(folder: Path = BUILT_IN) -> list[str]:
    """Return the lessons that came with this nnedu."""
    from nnedu.course import load_course  # noqa: PLC0415

    shipped = sorted(path.stem for path in folder.glob("*.zip"))
    root = checkout()
    return shipped or ([lesson.id for lesson in load_course(root).lessons] if root else [])


def read_built_in(lesson: str, folder: Path = BUILT_IN) -> bytes:
    """Return the bundle of a lesson that came with this nnedu; in a checkout it is built now."""
    from nnedu.course import load_course  # noqa: PLC0415

    path = folder / f"{lesson}.zip"
    root = checkout()
    if path.is_file():
        return path.read_bytes()
    if root is None:
        text = "This nnedu came without lessons."
        raise UsageError(text, "Name a classroom folder or a bundle: nnedu fetch LESSON --from PATH")
    course = load_course(root)
    return build(course, course.lesson(lesson))
