"""The lessons that came with this nnedu: bundles in the wheel, or the course whose checkout it runs from."""

from __future__ import annotations

from pathlib import Path

from nnedu.course import load_course
from nnedu.course.load import NAME as COURSE_FILE
from nnedu.errors import UsageError

BUILT_IN = Path(__file__).parents[1] / "bundles"


def checkout() -> Path | None:
    """Return the course that this nnedu runs from the sources of, if it does."""
    root = Path(__file__).parents[3]
    return root if (root / COURSE_FILE).is_file() and (root / "solutions").is_dir() else None


def built_in(folder: Path = BUILT_IN) -> list[str]:
    """Return the lessons that came with this nnedu."""
    root = checkout()
    if root is not None:
        return [lesson.id for lesson in load_course(root).lessons]
    return sorted(path.stem for path in folder.glob("*.zip"))


def read_built_in(lesson: str, folder: Path = BUILT_IN) -> bytes:
    """Return the bundle of a lesson that came with this nnedu; in a checkout it is built now, so never stale."""
    root = checkout()
    path = folder / f"{lesson}.zip"
    if root is not None:
        from nnedu.publishing.build import build  # noqa: PLC0415 - it needs pytest and numpy, which reading does not

        course = load_course(root)
        return build(course, course.lesson(lesson))
    if not path.is_file():
        text = "This nnedu came without lessons."
        raise UsageError(text, "Name a classroom folder or a bundle: nnedu fetch LESSON --from PATH")
    return path.read_bytes()
