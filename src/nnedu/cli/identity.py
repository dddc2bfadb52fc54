"""Who the student is, as submissions and quizzes need it."""

from __future__ import annotations

import getpass
import os
import sys
from typing import TYPE_CHECKING

import click

from nnedu.errors import UsageError

if TYPE_CHECKING:
    from nnedu.workspace.workspace import Workspace


def student_name(workspace: Workspace, given: str | None = None) -> str:
    """Return the student's name: given now, remembered, asked for, or the name on this machine."""
    from nnedu.workspace.submission import checked_student

    settings = workspace.settings
    name = given or settings.student
    if not name and sys.stdin.isatty():
        name = click.prompt("Your name in the class", default=_user() or None)
    name = name or _user()
    if not name:
        text = "It is not known who you are."
        raise UsageError(text, f'Write it into {workspace.marker / "settings.toml"}: student = "NAME"')
    name = checked_student(name)
    if name != settings.student:
        workspace.save_settings(type(settings)(name, settings.classroom))
    return name


def who() -> str:
    """Return who does what the gradebook will remember: NNEDU_BY, or the name on this machine."""
    name = os.environ.get("NNEDU_BY", "").strip() or _user()
    if name:
        return name
    text = "It is not known who you are, and the gradebook keeps who did what."
    raise UsageError(text, "Say it: NNEDU_BY=NAME before the command, or in its environment.")


def _user() -> str:
    try:
        return getpass.getuser()
    except (ImportError, KeyError, OSError):  # a user without a name, as in a container
        return ""
