"""The bulk downloads of learning platforms: recognised by what is in them, and taken apart by student."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from itertools import accumulate
from typing import TYPE_CHECKING, Any

from nnedu.classroom.archive import UnreadableError
from nnedu.classroom.tree import Leaf
from nnedu.course.model import find_lesson
from nnedu.errors import UsageError
from nnedu.reporting.lms import Clues

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

METADATA = "submission_metadata.yml"
STAMP = "timestamp.txt"
MAX_NESTED = 100
OURS = re.compile(r"(.+)_\d{8}T\d{6}Z_[0-9a-f]{8}(-\d+)?")
_CANVAS = re.compile(r"(?P<name>.+?)_(?P<late>LATE_)?(?P<user>\d+)_(?:\d+_(?P<file>.+)|(?:text|link)\.html)", re.DOTALL)
_MOODLE = re.compile(
    r"(?P<name>.+)_(?P<id>\d+)_assignsubmission_(?P<kind>file|onlinetext)(?:_(?P<file>.*))?", re.DOTALL
)
_AGAIN = re.compile(r"(.+)-\d+(\.\w+)")  # what Canvas calls a file that is handed in once more
_OUTER = {"submitted", "submissions"}


class Platform(StrEnum):
    """Where submissions come from."""

    CANVAS = "a download of Canvas"
    MOODLE = "a download of Moodle"
    GRADESCOPE = "an export of Gradescope"
    NBGRADER = "nbgrader's submitted"
    FOLDERS = "a folder or a zip for each student"
    ONE = "the work of one student"


@dataclass(frozen=True, slots=True)
class Upload:
    """What one student handed in at one time. `named`: the platform says who it is, so that nobody else can.

    `at` is when, if the platform says so; `late`: it says that this was late, which is only compared.
    """

    who: Clues
    leaves: tuple[Leaf, ...]
    named: bool = True
    at: datetime | None = None
    late: bool = False


@dataclass(slots=True)
class Download:
    """What was recognised. `left_out` are files that belong to nobody."""

    platform: Platform
    uploads: list[Upload] = field(default_factory=list)
    left_out: list[Leaf] = field(default_factory=list)


def recognise(found: Sequence[Leaf], lesson: str, modules: Sequence[str], whole: Leaf | str) -> Download:
    """Take apart what lies in a zip, which is `whole`, or in a folder of a name, by the first layout that it fits."""
    inner = _inside(found)
    for leaves in (found, inner) if inner else (found,):
        for layout in (_gradescope, _moodle, _canvas):
            download = layout(leaves)
            if download is not None:
                return download
    if any(leaf.path in {(f"{module}.py",), (lesson, f"{module}.py")} for leaf in found for module in modules):
        one = Upload(Clues(login=whole), tuple(found)) if isinstance(whole, str) else _of_zip(whole)
        return Download(Platform.ONE, [one])
    outer = bool(inner) and found[0].path[0] in {*_OUTER, lesson}
    return _folders(inner if outer else found, lesson, nbgrader=outer and found[0].path[0] == "submitted")


def _inside(found: Sequence[Leaf]) -> list[Leaf]:
    """Return the files without the one folder that all of them lie in, or nothing if there is none."""
    tops = {leaf.path[0] for leaf in found}
    nested = len(tops) == 1 and all(len(leaf.path) > 1 for leaf in found)
    return [_renamed(leaf, leaf.path[1:]) for leaf in found] if nested else []


def _renamed(leaf: Leaf, path: tuple[str, ...]) -> Leaf:
    return Leaf(path, leaf.read, leaf.changed)


def _grouped(download: Download, leaves: Iterable[Leaf], key: Callable[[Leaf], Any]) -> dict[Any, list[Leaf]]:
    """Return files by a key; those without one are left out."""
    groups: defaultdict[Any, list[Leaf]] = defaultdict(list)
    for leaf in leaves:
        found = key(leaf)
        if found is None:
            download.left_out.append(leaf)
        else:
            groups[found].append(leaf)
    return groups


def _canvas(leaves: Sequence[Leaf]) -> Download | None:
    """Files of all students side by side: `lovelaceada_LATE_1042_98765_backprop.py`."""
    if not leaves or any(len(leaf.path) > 1 for leaf in leaves):
        return None
    matches = {leaf.path: found for leaf in leaves if (found := _CANVAS.fullmatch(leaf.name))}
    if len(matches) * 2 <= len(leaves):
        return None
    download = Download(Platform.CANVAS)
    users = _grouped(download, leaves, lambda leaf: matches[leaf.path]["user"] if leaf.path in matches else None)
    for user, files in users.items():
        said = [matches[leaf.path] for leaf in files]
        mine = [_renamed(leaf, (one["file"] or leaf.name,)) for leaf, one in zip(files, said, strict=True)]
        who = Clues(name=said[0]["name"], other=user)
        download.uploads.append(Upload(who, tuple(mine), late=any(one["late"] for one in said)))
    return download


def _moodle(leaves: Sequence[Leaf]) -> Download | None:
    """A folder of each student, `Ada Lovelace_123456_assignsubmission_file_/`, or files that begin with that."""
    matches = {leaf.path: found for leaf in leaves if (found := _MOODLE.fullmatch(leaf.path[0]))}
    if not matches:
        return None
    download = Download(Platform.MOODLE)
    people = _grouped(download, leaves, lambda leaf: matches[leaf.path]["id"] if leaf.path in matches else None)
    for number, files in people.items():
        name = matches[files[0].path]["name"]
        flat = ((leaf, (matches[leaf.path]["file"] or leaf.path[0],)) for leaf in files)
        mine = [_renamed(leaf, leaf.path[1:] or short) for leaf, short in flat]
        hidden = name == "Participant"  # names are hidden from the marker
        who = Clues(name=f"{name} {number}" if hidden else name, other=number)
        download.uploads.append(Upload(who, tuple(mine)))
    return download


def _gradescope(leaves: Sequence[Leaf]) -> Download | None:
    """Folders `submission_123/` beside a file that says of each whose it is, and when."""
    about = next((leaf for leaf in leaves if leaf.path == (METADATA,)), None)
    if about is None:
        return None
    said = _metadata(about)
    download = Download(Platform.GRADESCOPE)
    rest = (leaf for leaf in leaves if leaf is not about)
    folders = _grouped(download, rest, lambda leaf: leaf.path[0] if len(leaf.path) > 1 else None)
    for folder, files in folders.items():
        mine = tuple(_renamed(leaf, leaf.path[1:]) for leaf in files)
        people, at = _submitters(said.get(folder))
        download.uploads += [Upload(who, mine, at=at) for who in people or [Clues(login=folder)]]
    return download


def _metadata(leaf: Leaf) -> dict[str, Any]:
    try:
        import yaml  # noqa: PLC0415 - only this export needs it
    except ImportError as error:
        text = "Reading an export of Gradescope needs PyYAML."
        raise UsageError(text, "pip install 'nnedu[classroom]'") from error
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        data = leaf.read()
        starts, ends = yaml.CollectionStartEvent, yaml.CollectionEndEvent
        _refuse_nested(isinstance(one, starts) - isinstance(one, ends) for one in yaml.parse(data, loader))
        said = yaml.load(data, loader)  # noqa: S506 - both loaders are safe ones
    except (yaml.YAMLError, UnreadableError, RecursionError, ValueError) as error:
        text = f"{METADATA} cannot be read: {error}."
        raise UsageError(text, "Download the export from Gradescope again.") from error
    return said if isinstance(said, dict) else {}


def _refuse_nested(steps: Iterable[int]) -> None:
    """Refuse what goes on and on into itself: to load that would end the whole program, not in an error."""
    if any(depth > MAX_NESTED for depth in accumulate(steps)):
        text = f"it is nested more than {MAX_NESTED} deep"
        raise UnreadableError(text)


def _submitters(said: object) -> tuple[list[Clues], datetime | None]:
    """Return whose a submission of Gradescope is, and when it was made."""
    entry = _words(said)
    people = [_words(one) for one in entry.get("submitters") or () if isinstance(one, dict)]
    clues = [
        Clues(email=_text(one.get("email")), number=_text(one.get("sid")), name=_text(one.get("name")))
        for one in people
    ]
    at = entry.get("created_at")
    if isinstance(at, str):
        try:
            at = datetime.fromisoformat(at)
        except ValueError:
            at = None
    if not isinstance(at, datetime):
        return clues, None
    return clues, (at if at.tzinfo else at.replace(tzinfo=UTC)).astimezone(UTC)


def _words(said: object) -> dict[str, Any]:
    """Return a mapping whose keys may be written as symbols, `:name`."""
    return {str(key).removeprefix(":"): value for key, value in said.items()} if isinstance(said, dict) else {}


def _text(said: object) -> str:
    return "" if said is None else str(said)


def _folders(leaves: Sequence[Leaf], lesson: str, *, nbgrader: bool) -> Download:
    """A folder or a zip of each student, as `submit` and nbgrader have it; the lesson's folder may be inside."""
    nbgrader |= any(len(leaf.path) == 3 and leaf.name == STAMP and _means(leaf.path[1], lesson) for leaf in leaves)  # noqa: PLR2004
    download = Download(Platform.NBGRADER if nbgrader else Platform.FOLDERS)
    zips = [leaf for leaf in leaves if len(leaf.path) == 1 and leaf.name.lower().endswith(".zip")]
    download.uploads += map(_of_zip, zips)
    rest = (leaf for leaf in leaves if leaf not in zips)
    for student, files in _grouped(download, rest, lambda leaf: leaf.path[0] if len(leaf.path) > 1 else None).items():
        mine = [_renamed(leaf, leaf.path[1:]) for leaf in files]
        of_lesson = [_renamed(leaf, leaf.path[1:]) for leaf in mine if leaf.path[1:] and _means(leaf.path[0], lesson)]
        stamp = next((leaf for leaf in of_lesson if leaf.path == (STAMP,)), None)
        if nbgrader and not of_lesson:
            continue  # the student has handed in other lessons
        handed_in = tuple(leaf for leaf in of_lesson or mine if leaf is not stamp)
        download.uploads.append(Upload(Clues(login=student), handed_in, at=_stamped(stamp)))
    return download


def _of_zip(leaf: Leaf) -> Upload:
    """Return a zip that its student made, and named, or not."""
    stem = leaf.name[: -len(".zip")]
    ours = OURS.fullmatch(stem)
    return Upload(Clues(login=ours[1] if ours else stem), (leaf,), named=False)


def _means(name: str, lesson: str) -> bool:
    try:
        return find_lesson(name, [lesson]) == lesson
    except UsageError:
        return False


def _stamped(leaf: Leaf | None) -> datetime | None:
    """Return the moment that nbgrader wrote when it took a submission in: `2026-03-01 12:34:56.789 UTC`."""
    try:
        text = leaf.read().decode() if leaf is not None else ""
        moment, _, zone = text.strip().rpartition(" ")
        from zoneinfo import ZoneInfo  # noqa: PLC0415 - only nbgrader writes names of zones

        return datetime.fromisoformat(moment).replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)
    except (UnreadableError, ValueError, KeyError, OSError, OverflowError):
        return None


def module_of(name: str, modules: Sequence[str]) -> str | None:
    """Return the file of a lesson that a file is, also where a platform numbered it: `backprop-1.py`."""
    again = _AGAIN.fullmatch(name)
    known = {f"{module}.py" for module in modules}
    return next((one for one in (name, f"{again[1]}{again[2]}" if again else "") if one in known), None)
