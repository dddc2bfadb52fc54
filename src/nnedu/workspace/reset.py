"""Fresh stubs, after a snapshot: `nnedu undo` brings back what was there."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from nnedu.errors import UsageError, WorkspaceError, did_you_mean
from nnedu.outcome import Kind
from nnedu.workspace import disk, history

if TYPE_CHECKING:
    from nnedu.publishing.bundle import Manifest
    from nnedu.workspace.workspace import Workspace


class Reset(msgspec.Struct, frozen=True):
    """The files that are stubs again. `exercise` is the one that was named, if it was not a module."""

    files: tuple[str, ...]
    exercise: str | None = None


def reset(workspace: Workspace, lesson: str, module: str | None) -> Reset:
    """Put fresh stubs in the place of a module, of the module of an exercise, or of all."""
    bundle = workspace.bundle(lesson)
    modules, exercise = _find(bundle.manifest, module)
    try:
        stubs = {workspace.folder(lesson) / f"{name}.py": bundle.stub(name) for name in modules}
    except OSError as error:
        text = f"The stubs of {lesson} are damaged: {error.strerror}."
        raise WorkspaceError(text, f"Fetch them again: nnedu fetch {lesson}") from error
    history.snapshot(workspace, lesson, "reset")
    disk.replace_all(stubs)
    return Reset(tuple(f"{name}.py" for name in modules), exercise)


def modules_of(workspace: Workspace, lesson: str, name: str | None) -> tuple[str, ...]:
    """Return the modules that `reset` would make stubs again."""
    return _find(workspace.bundle(lesson).manifest, name)[0]


def _find(manifest: Manifest, name: str | None) -> tuple[tuple[str, ...], str | None]:
    """Return the modules that are meant by a module, an exercise or nothing, and the exercise if it was one."""
    if name is None:
        return manifest.modules, None
    if name.removesuffix(".py") in manifest.modules:
        return (name.removesuffix(".py"),), None
    for one in manifest.exercises:
        if one.id == name and one.kind is Kind.QUIZ:
            text = f"{name} is a quiz; it has no stub to put back."
            raise UsageError(text, f"nnedu quiz {manifest.lesson} --again asks its questions once more.")
        if one.id == name:
            return (one.module,), one.id
    text = f"{manifest.lesson} has no module or exercise {name!r}."
    raise UsageError(text, did_you_mean(name, [*manifest.modules, *(one.id for one in manifest.exercises)]))
