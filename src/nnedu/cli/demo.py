"""`nnedu demo`: a class of simulated students, from fetch to grades, with the real commands."""

from __future__ import annotations

import click


@click.command()
@click.option("--keep", is_flag=True, hidden=True, help="Kept for scripts; the folder is always kept.")
def demo(*, keep: bool) -> None:
    """Show it all in a temporary folder: twelve students fetch, check and submit a lesson, and it is graded."""
    del keep
    from nnedu.authoring.demo import run_demo

    run_demo(click.echo)
