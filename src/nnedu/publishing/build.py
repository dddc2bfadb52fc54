"""Makes the bundle of a lesson: stubs, public checks, what they recorded, hints. No answer leaves with it."""

from __future__ import annotations

import io
import zipfile
from typing import TYPE_CHECKING

import msgspec

from nnedu.course import load_course
from nnedu.course.quiz import load_quizzes
from nnedu.diagnosis.trace import Trace, agree, to_bytes
from nnedu.errors import CourseFault
from nnedu.outcome import PLOTS_FILE
from nnedu.publishing.bundle import (
    FIGURE,
    FORMAT,
    GRADERS,
    MANIFEST,
    MAX_FIGURE,
    PLOTS,
    QUIZ,
    README,
    STUBS,
    TRACES,
    BundledExercise,
    Manifest,
)
from nnedu.publishing.public import refuse_leaks, without_hidden
from nnedu.publishing.quizzes import bundled_quiz, public_quizzes
from nnedu.publishing.stubs import lesson_stubs
from nnedu.running.collect import collect
from nnedu.running.evidence import Live, trace_name
from nnedu.sandbox.message import WireError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from nnedu.course import Course, Lesson
    from nnedu.running.collect import Check, Exercise


def build(course: Course, lesson: Lesson) -> bytes:
    """Return the bundle of a lesson as the bytes of a zip."""
    live = Live(course, lesson)
    exercises = collect(lesson.graders_folder, lesson.modules)
    files: dict[str, bytes] = {}
    readme = lesson.exercises_folder / README
    files[README] = readme.read_bytes() if readme.is_file() else f"# {lesson.title}\n".encode()
    files |= figures(lesson)
    for module, text in lesson_stubs(lesson).items():
        files[f"{STUBS}/{module}.py"] = text.encode()
    sources = {m: (lesson.graders_folder / f"test_{m}.py").read_text("utf-8") for m in lesson.modules}
    graders = {module: without_hidden(source) for module, source in sources.items()}
    refuse_leaks(graders, exercises)
    files |= {f"{GRADERS}/test_{module}.py": text.encode() for module, text in graders.items()}
    plots = [lesson.graders_folder / name for name in PLOTS]
    files |= {f"{GRADERS}/{path.name}": path.read_bytes() for path in plots if path.is_file()}
    for check in (check for exercise in exercises for check in exercise.checks if not check.hidden):
        name = f"{TRACES}/{trace_name(check.id, '')}"
        if name.lower() in {known.lower() for known in files}:
            text = f"The recording of the check {check.id} would take the place of another one's; give it another name."
            raise CourseFault(text)
        files[name], files[f"{TRACES}/{trace_name(check.id, '.mistakes')}"] = recordings(live, check)
    quizzes = load_quizzes(course, lesson)
    if quizzes:
        files[QUIZ] = public_quizzes(quizzes)
    manifest = _manifest(course, lesson, exercises, live)
    bundled = manifest.exercises + tuple(map(bundled_quiz, quizzes))
    files[MANIFEST] = msgspec.json.format(msgspec.json.encode(msgspec.structs.replace(manifest, exercises=bundled)))
    return _zip(files)


def figures(lesson: Lesson) -> dict[str, bytes]:
    """Return the pictures that the README of a lesson shows."""
    files = {}
    for path in sorted(lesson.exercises_folder.glob("figures/*")):
        name = f"{path.parent.name}/{path.name}"
        if not FIGURE.fullmatch(name):
            text = f"{path} is no figure: its name has to be like loss_surface.svg, or end in .png."
            raise CourseFault(text)
        files[name] = path.read_bytes()
        if len(files[name]) > MAX_FIGURE:
            text = f"{path} is larger than {MAX_FIGURE >> 10} KiB, the most that a figure may take."
            raise CourseFault(text, "Draw it with fewer points.")
    return files


def _manifest(course: Course, lesson: Lesson, exercises: Sequence[Exercise], live: Live) -> Manifest:
    hints = load_hints(lesson)
    bundled = [
        BundledExercise(
            one.id,
            one.module,
            one.title,
            sum(check.points for check in one.checks if not check.hidden),
            hints.get(one.id, ()),
            later=sum(check.points for check in one.checks if check.hidden),
        )
        for one in exercises
    ]
    return Manifest(
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
        tuple(bundled),
        tuple(known for one in exercises if not one.sealed for known in live.mistakes(one.id)),
        course.limits.exercise_seconds,
        tuple(one.id for one in course.lessons if (one.graders_folder / PLOTS_FILE).is_file()),
    )


def recordings(live: Live, check: Check) -> tuple[bytes, bytes]:
    """Return the recording of a check, and what the mistakes answer where it is not what the solution answers."""
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
    course = load_course(root)
    out.mkdir(parents=True, exist_ok=True)
    paths = []
    for lesson in course.lessons:
        paths.append(out / f"{lesson.id}.zip")
        paths[-1].write_bytes(build(course, lesson))
    return paths
