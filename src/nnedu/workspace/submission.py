"""A submission: the work on a lesson in a zip, filed where the instructor looks, with a receipt for the student."""

from __future__ import annotations

import contextlib
import hashlib
import io
import unicodedata
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import msgspec

from nnedu.errors import UsageError, WorkspaceError
from nnedu.outcome import ANSWERS
from nnedu.workspace import disk
from nnedu.workspace.progress import Progress

if TYPE_CHECKING:
    from pathlib import Path

    from nnedu.workspace.workspace import Workspace

FORMAT = 1
MANIFEST = "manifest.json"
MAX_NAME = 64


class SubmittedFile(msgspec.Struct, frozen=True):
    """One file of a submission."""

    name: str
    sha256: str


class SubmissionManifest(msgspec.Struct, frozen=True):
    """What a submission says of itself. `hints`: how many were given, by exercise."""

    format: int
    course: str
    version: str
    lesson: str
    student: str
    submitted_at: str
    files: tuple[SubmittedFile, ...]
    hints: dict[str, int] = {}

    @property
    def digest(self) -> str:
        """The hash of the work alone: the same files give the same, whenever they are submitted."""
        text = "".join(f"{file.sha256} {file.name}\n" for file in sorted(self.files, key=lambda file: file.name))
        return hashlib.sha256(text.encode()).hexdigest()

    @property
    def stamp(self) -> str:
        """The time in UTC, as it stands in names."""
        return datetime.fromisoformat(self.submitted_at).strftime("%Y%m%dT%H%M%SZ")


class Packed(msgspec.Struct, frozen=True):
    """A submission before it is filed.

    `left_out` names the files of the lesson's folder that do not go in; `missing` says of modules why they do not.
    """

    data: bytes
    manifest: SubmissionManifest
    left_out: tuple[str, ...]
    missing: tuple[str, ...] = ()


class Receipt(msgspec.Struct, frozen=True):
    """What a student has to show for a submission. `already` says that this very work was there before."""

    id: str
    path: str
    student: str
    lesson: str
    submitted_at: str
    files: tuple[SubmittedFile, ...]
    digest: str
    points: int
    max_points: int
    already: bool = False


def checked_student(name: str) -> str:
    """Return a student's name as it is written in submissions, or say what such a name may be."""
    name = unicodedata.normalize("NFC", name.strip())
    sound = all(unicodedata.category(c)[0] in "LM" or unicodedata.category(c) == "Nd" or c in "._-@+ " for c in name)
    if sound and 0 < len(name) <= MAX_NAME and not name.startswith("."):
        return name
    text = f"{name[:80]!r} cannot be the name of a student in a submission."
    step = f"Use 1 to {MAX_NAME} letters, digits, . _ - @ + or spaces, and no dot first, such as ada.lovelace"
    raise UsageError(text, step)


def pack(workspace: Workspace, lesson: str, student: str, at: datetime) -> Packed:
    """Put modules and answers of a lesson into a zip: the same files at the same time give the same bytes."""
    from nnedu.running.work import read_answers_file, read_file  # noqa: PLC0415 - brings numpy

    student = checked_student(student)
    about = workspace.bundle(lesson).manifest
    found = {f"{module}.py": read_file(workspace.folder(lesson) / f"{module}.py") for module in about.modules}
    files = {name: data for name, data in found.items() if isinstance(data, bytes)}
    missing = tuple(data for data in found.values() if isinstance(data, str))
    if not files:
        text = f"There is nothing to submit of {lesson}: {missing[0] if missing else 'it has no files'}"
        raise WorkspaceError(text, f"nnedu undo {lesson} or nnedu reset {lesson}")
    answers = read_answers_file(workspace.folder(lesson)) if about.has_quiz else None
    if isinstance(answers, bytes):
        files[ANSWERS] = found[ANSWERS] = answers
    elif answers is not None:
        missing = (*missing, answers)
    manifest = SubmissionManifest(
        FORMAT,
        about.course,
        about.version,
        lesson,
        student,
        at.astimezone(UTC).isoformat(timespec="seconds"),
        tuple(SubmittedFile(name, hashlib.sha256(data).hexdigest()) for name, data in files.items()),
        Progress.load(workspace).hints(lesson),
    )
    return Packed(_zip(manifest, files), manifest, _left_out(workspace.folder(lesson), found), missing)


def _left_out(folder: Path, modules: dict[str, bytes | str]) -> tuple[str, ...]:
    known = {"README.md", "figures", "__pycache__", *modules}
    try:
        names = sorted(path.name for path in folder.iterdir())
    except OSError:  # the files themselves were read, and that is what counts
        return ()
    return tuple(name for name in names if name not in known and not name.startswith("."))


def _zip(manifest: SubmissionManifest, files: dict[str, bytes]) -> bytes:
    import zipfile  # noqa: PLC0415 - only a submission needs it

    text = msgspec.json.format(msgspec.json.encode(manifest)) + b"\n"
    named = {MANIFEST: text} | {f"{manifest.lesson}/{name}": files[name] for name in sorted(files)}
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in named.items():
            info = zipfile.ZipInfo(name, date_time=(2020, 1, 1, 0, 0, 0))
            info.compress_type = zipfile.ZIP_DEFLATED
            info.create_system, info.external_attr = 3, 0o100644 << 16
            archive.writestr(info, data)
    return buffer.getvalue()


def submit(workspace: Workspace, packed: Packed, classroom: Path | None, *, points: int, max_points: int) -> Receipt:
    """File a submission in a classroom, or beside the lessons for uploading, and keep a receipt.

    The points are those of the public checks, for the receipt alone.
    """
    if classroom is not None and not classroom.is_dir():
        text = f"There is no classroom at {classroom}."
        raise WorkspaceError(text, f"Correct it in {workspace.marker / 'settings.toml'}, or ask your instructor.")
    manifest = packed.manifest
    place = (classroom.resolve() if classroom is not None else workspace.root / "submissions") / manifest.lesson
    last = _last(workspace, manifest, place)
    if last is not None and last.digest == manifest.digest:
        return msgspec.structs.replace(last, already=True)
    path = _free(place, f"{manifest.student}_{manifest.stamp}_{manifest.digest[:8]}")
    name = hashlib.sha256(msgspec.json.encode(manifest)).hexdigest()[:12]
    receipt = Receipt(
        name,
        str(path),
        manifest.student,
        manifest.lesson,
        manifest.submitted_at,
        manifest.files,
        manifest.digest,
        points,
        max_points,
    )
    _file(workspace, packed, path, receipt)
    return receipt


def _file(workspace: Workspace, packed: Packed, path: Path, receipt: Receipt) -> None:
    """Write the submission and its receipt, or neither."""
    disk.replace(path, packed.data, durable=True)
    kept = workspace.marker / "receipts" / f"{packed.manifest.stamp}-{receipt.lesson}-{receipt.id}.json"
    try:
        disk.replace(kept, msgspec.json.format(msgspec.json.encode(receipt)) + b"\n", durable=True)
    except WorkspaceError:
        with contextlib.suppress(OSError):
            path.unlink()
        raise


def _free(place: Path, name: str) -> Path:
    path, number = place / f"{name}.zip", 2
    while path.exists():
        path, number = place / f"{name}-{number}.zip", number + 1
    return path


def receipts(workspace: Workspace) -> list[Receipt]:
    """Return the receipts that were kept, the oldest first; one that cannot be read is passed over."""
    found = []
    for path in (workspace.marker / "receipts").glob("*.json"):
        try:
            found.append((path.stat().st_mtime_ns, msgspec.json.decode(path.read_bytes(), type=Receipt)))
        except (OSError, msgspec.DecodeError):  # a receipt serves the student; none stands in the way
            continue
    return [receipt for _, receipt in sorted(found, key=lambda pair: (pair[1].submitted_at, pair[0]))]


def _last(workspace: Workspace, manifest: SubmissionManifest, place: Path) -> Receipt | None:
    """Return the receipt of the last submission to one place, if what was submitted is still there.

    Only the last: who submits an earlier version again means it to count.
    """
    from pathlib import Path  # noqa: PLC0415 - at the top it is for types

    for receipt in reversed(receipts(workspace)):
        path = Path(receipt.path)
        if (receipt.student, receipt.lesson, path.parent) == (manifest.student, manifest.lesson, place):
            return receipt if path.is_file() else None
    return None
