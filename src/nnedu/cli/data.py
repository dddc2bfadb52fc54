"""`nnedu data`: data sets that are too large to come with a lesson."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from nnedu.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from nnedu.workspace.datasets import DataSet
    from nnedu.workspace.workspace import Workspace

NAMES = ("mnist",)
MEBI = 1 << 20


@click.command()
@click.argument("name", type=click.Choice(NAMES))
@click.option("--mirror", metavar="URL", help="Fetch from here, and from nowhere else.")
@click.option(
    "--output",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Write this .npz instead of one beside the lesson that uses the data.",
)
def data(name: str, mirror: str | None, output: Path | None) -> None:
    """Fetch a data set: nnedu data mnist.

    Its files are checked by SHA-256 and kept in a cache (NNEDU_CACHE, or where this system keeps such), so that a
    second run needs no network. They are written as one .npz into the folder of the lesson that uses them.
    """
    from nnedu.workspace import datasets, disk

    wanted = datasets.DATASETS[name]
    mirrors = (datasets.checked_mirror(mirror),) if mirror else wanted.mirrors
    path = output or _place(name)
    if path.suffix != ".npz":
        text = f"{path.name} has another ending than .npz, which is what is written."
        raise UsageError(text, f"--output {path.with_suffix('.npz').name}")
    folder = datasets.default_cache() / name
    with _progress(wanted) as on_bytes:
        files = datasets.fetch_dataset(wanted, folder, mirrors, on_bytes)
    written = datasets.to_npz(wanted, files)
    disk.replace(path, written)
    click.echo(f"{', '.join(one.array for one in wanted.files)}: {path} ({len(written) / MEBI:.1f} MiB)")
    click.echo(f"What was fetched is kept in {folder}")


def _place(name: str) -> Path:
    """Return where the data goes: beside the lesson whose README says how to fetch it."""
    from nnedu.cli.session import open_workspace

    workspace = open_workspace()
    using = _using(workspace, name)
    if not using:
        text = f"No lesson that was fetched into {workspace.root} uses {name}."
        raise UsageError(text, f"Fetch it first (nnedu fetch LESSON), or say where to: --output {name}.npz")
    here = workspace.lesson_at(Path.cwd())
    return workspace.folder(here if here in using else using[0]) / f"{name}.npz"


def _using(workspace: Workspace, name: str) -> list[str]:
    command = f"nnedu data {name}".encode()
    return [lesson for lesson in workspace.lessons() if command in workspace.bundle(lesson).readme()]


@contextmanager
def _progress(wanted: DataSet) -> Iterator[Callable[[str, int], None]]:
    """Show what has come: a bar in a terminal, a line for each file elsewhere. On standard error."""
    came = dict.fromkeys((one.name for one in wanted.files), 0)
    if not sys.stderr.isatty():
        sizes = {one.name: one.size for one in wanted.files}

        def say(name: str, size: int) -> None:
            if size == sizes[name] > came[name]:
                click.echo(f"{name}  {size} bytes", err=True)
            came[name] = size

        yield say
        return
    from rich.console import Console
    from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TransferSpeedColumn

    columns = (TextColumn("{task.description}"), BarColumn(), DownloadColumn(), TransferSpeedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(wanted.name, total=wanted.size)

        def advance(name: str, size: int) -> None:
            came[name] = size
            bar.update(task, completed=sum(came.values()), description=name)

        yield advance
