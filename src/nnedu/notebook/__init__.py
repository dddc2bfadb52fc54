"""nnedu in a notebook: `%check` and `nnedu.notebook.check`, on the functions that are defined in it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from nnedu.notebook.report import Report


def check(target: str, namespace: Mapping[str, Any] | None = None, *, source: Path | str | None = None) -> Report:
    """Check what is defined in a notebook, as `%check` does; the last line of a cell shows what came of it.

    Args:
        target: `"lesson5/relu_derivative"`, `"relu_derivative"` or `"lesson5"`.
        namespace: What is defined; by default by the notebook that runs this.
        source: A bundle, or a folder of them; by default the lessons of the workspace, and those that came with nnedu.

    Returns:
        A report, with `complete` and `outcome` for programs.

    Raises:
        UsageError: If there is no such exercise, or no notebook.
    """
    from pathlib import Path  # noqa: PLC0415 - like all below: `import nnedu.notebook` itself costs nothing

    from nnedu.errors import UsageError  # noqa: PLC0415
    from nnedu.notebook.cells import running_shell  # noqa: PLC0415
    from nnedu.notebook.checked import check_namespace  # noqa: PLC0415
    from nnedu.notebook.lessons import find_target  # noqa: PLC0415
    from nnedu.notebook.report import Report  # noqa: PLC0415

    if namespace is None:
        shell = running_shell()
        if shell is None:
            text = "There is no notebook here whose functions could be checked."
            raise UsageError(text, "Give what is defined: check(target, globals())")
        namespace = shell.user_ns
    return Report(check_namespace(namespace, find_target(target, Path(source) if source else None)))
