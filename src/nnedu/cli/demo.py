"""`nnedu demo`: a class of simulated students, from fetch to grades, with the real commands."""

from __future__ import annotations

import click


@click.command()
def demo() -> None:
    """Play a simulated class, from fetch to grades.

    Twelve students fetch, check and submit a lesson in a temporary folder, with the real commands; it is graded, and
    everything is left there to look at.
    """
    from nnedu.authoring.demo import run_demo

    run_demo(click.echo)
