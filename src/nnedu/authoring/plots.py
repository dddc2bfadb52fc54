"""Proves the plots of a lesson: the solution's are drawn, and whatever a student's code does becomes a sentence."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nnedu.authoring.players import ODD_VALUES, Fixed
from nnedu.errors import CourseFault
from nnedu.running.evidence import local_submission
from nnedu.running.plots import Missing, Picture, load_plots, take_picture

if TYPE_CHECKING:
    from collections.abc import Iterator

    from nnedu.publishing.bundle import Bundle
    from nnedu.running.evidence import Live
    from nnedu.running.plots import Plot


def plot_problems(opened: Bundle, live: Live, stubs: dict[str, str]) -> Iterator[str]:
    """Yield what is wrong with plots, as they lie in the bundle: a student has no other files."""
    modules = opened.manifest.modules
    try:
        plots = load_plots(opened.graders)
    except CourseFault as fault:
        yield fault.sentence
        return
    for plot in plots:
        try:
            made = take_picture(plot, local_submission(live.sources, live.allowed), modules)
        except CourseFault as fault:
            yield fault.sentence
            continue
        if isinstance(made, Missing):
            yield f"the plot {plot.name} cannot be drawn with the solution: {made.why}"
        elif not made.asked:
            yield f"the plot {plot.name} asks nothing of the student"
        yield from _unready(plot, live, stubs, modules)


def _unready(plot: Plot, live: Live, stubs: dict[str, str], modules: tuple[str, ...]) -> Iterator[str]:
    """Yield where a student who is not ready would see a crash, or a picture that is nobody's."""
    players = [("answers nothing yet", local_submission(stubs, live.allowed))]
    players += [(f"returns {what}", Fixed(value)) for what, value in ODD_VALUES]
    for number, (does, player) in enumerate(players):
        try:
            made = take_picture(plot, player, modules)
        except CourseFault as fault:
            yield f"a student who {does} makes a plot crash: {fault.sentence}"
            continue
        if number == 0 and isinstance(made, Picture):
            yield f"the plot {plot.name} is drawn with the untouched stub"
