"""nnedu: a numpy course that grades itself, and the engine that does the grading."""

from __future__ import annotations

__version__ = "0.1.0"


def load_ipython_extension(shell: object) -> None:
    """Give a notebook `%check` and `%hint`: `%load_ext nnedu` calls this."""
    from nnedu.notebook.magics import register  # noqa: PLC0415 - `import nnedu` stays cheap

    register(shell)
