"""`nnedu demo`: a class of simulated students, from fetch to grades, with the real commands."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from nnedu.authoring.loop import Packer
    from nnedu.authoring.population import HandedIn

UNREADABLE = b"PK\x03\x04 this is where a download broke off"


@click.command()
@click.option("--class", "number", type=click.IntRange(1, 5000), metavar="N", help="Simulate a class of N students.")
@click.option(
    "--out", type=click.Path(path_type=Path, file_okay=False), metavar="DIR", help="Where all of it goes: a new folder."
)
@click.option("--seed", type=click.IntRange(0), default=0, help="Which class: the same seed draws the same.")
def demo(number: int | None, out: Path | None, seed: int) -> None:
    """Play a simulated class, from fetch to grades.

    Twelve students fetch, check and submit a lesson in a temporary folder, with the real commands; it is graded, and
    everything is left there to look at.

    With --class, an instructor's loop instead: roster, release, collect, grade and report, with students of whom all
    is known (what each can do, who is late, who copied), so that the report can be held against the truth.

    \b
        nnedu demo
        nnedu demo --class 200 --out class
    """  # noqa: D301 - \b is click's mark for a block that is not wrapped
    from nnedu.errors import UsageError

    if number is None:
        from nnedu.authoring.demo import run_demo

        if out is not None:
            text = "--out is for a whole class."
            raise UsageError(text, "Say of how many: nnedu demo --class 200 --out DIR")
        run_demo(click.echo)
        return
    import tempfile

    from nnedu.authoring.loop import play_class
    from nnedu.publishing.shipped import checkout

    root = checkout()
    if root is None:
        text = "The demonstration needs the course's sources: simulated students are made from its known mistakes."
        raise UsageError(text, "Run it in a checkout.")
    play_class(root, out or Path(tempfile.mkdtemp(prefix="nnedu-class-")), number, seed, packer, click.echo)


def packer(home: Path, lesson: str) -> Packer:
    """Return what packs submissions as `nnedu submit` does, in the workspace of one student who stands for all."""
    from nnedu.outcome import ANSWERS
    from nnedu.workspace.submission import pack
    from nnedu.workspace.workspace import Workspace

    workspace = Workspace(home)
    folder = workspace.folder(lesson)

    def packed(handed_in: HandedIn) -> tuple[str, bytes]:
        if not handed_in.modules:
            return f"{handed_in.student}_{handed_in.at:%Y%m%dT%H%M%SZ}_00000000.zip", UNREADABLE
        for module, text in handed_in.modules.items():
            (folder / f"{module}.py").write_text(text, "utf-8")
        if handed_in.answers:
            (folder / ANSWERS).write_text(handed_in.answers, "utf-8")
        done = pack(workspace, lesson, handed_in.student, handed_in.at)
        manifest = done.manifest
        return f"{manifest.student}_{manifest.stamp}_{manifest.digest[:8]}.zip", done.data

    return packed
