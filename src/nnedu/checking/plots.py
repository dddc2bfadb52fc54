"""What `nnedu plot` draws: records that the plots.py of a lesson fills with what the student's functions returned.

They hold values, as the pictures of failed checks (nnedu.outcome) must not, so the two have no record in common.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from nnedu.checking.values import CheckFailed
from nnedu.errors import CourseFault

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

MAX_CELLS = 1_000_000  # of one panel; a picture of more shows no more
LARGEST = 1e100  # beyond, sums and squares are infinite soon
IMAGES = 3
MATRIX = 2


@dataclass(frozen=True, slots=True)
class Images:
    """Small images side by side, with a caption below each; those whose numbers are in `marked` get a frame.

    `pixels` is (n, h, w). Where `signed`, colours tell positive from negative, and `value` says what a number means.
    """

    title: str
    pixels: np.ndarray
    captions: Sequence[str]
    columns: int = 8
    marked: Collection[int] = ()
    signed: bool = False
    value: str = ""

    def __post_init__(self) -> None:
        _judge(self.title, self.pixels, IMAGES)
        if len(self.pixels) != len(self.captions) or not self.captions:
            text = f"The plot {self.title!r} has {len(self.pixels)} images and {len(self.captions)} captions."
            raise CourseFault(text)


@dataclass(frozen=True, slots=True)
class Matrix:
    """A table of numbers, (rows, columns), as shades of one colour; `value` says what they mean, with the unit.

    The darkest shade stands for `top`, or else for the largest number. With `numbers` each that is not 0 is written in
    its cell, for a table of counts.
    """

    title: str
    values: np.ndarray
    rows: Sequence[str]
    columns: Sequence[str]
    row_title: str
    column_title: str
    value: str
    top: float | None = None
    numbers: bool = False

    def __post_init__(self) -> None:
        _judge(self.title, self.values, MATRIX)
        if self.values.shape != (len(self.rows), len(self.columns)):
            text = f"The plot {self.title!r} names {len(self.rows)} rows and {len(self.columns)} columns of a matrix"
            raise CourseFault(f"{text} of shape {self.values.shape}.")


@dataclass(frozen=True, slots=True)
class Curves:
    """Lines over a common `x`, each with its name; `log` draws their values on a logarithmic scale."""

    title: str
    x: np.ndarray
    lines: Mapping[str, np.ndarray]
    x_title: str
    y_title: str
    log: bool = False

    def __post_init__(self) -> None:
        for line in (self.x, *self.lines.values()):
            _judge(self.title, line, 1)
            if line.shape != self.x.shape:
                text = f"The plot {self.title!r} has a line of {len(line)} points over {len(self.x)} places."
                raise CourseFault(text)


@dataclass(frozen=True, slots=True)
class Regions:
    """A function of two variables as a map, from -1 (one class) to 1 (the other), with samples of two classes on it.

    `values` is (rows, columns), the first row at the bottom; `extent` is (left, right, bottom, top). `points` is
    (m, 2), and `classes` (m,) holds 0 and 1.
    """

    title: str
    values: np.ndarray
    extent: tuple[float, float, float, float]
    points: np.ndarray
    classes: np.ndarray
    value: str
    names: tuple[str, str] = ("class 0", "class 1")
    axes: tuple[str, str] = ("x1", "x2")

    def __post_init__(self) -> None:
        _judge(self.title, self.values, MATRIX)
        _judge(self.title, self.points, MATRIX)
        if self.points.shape[1] != len(self.axes) or self.classes.shape != self.points.shape[:1]:
            text = f"The plot {self.title!r} has points {self.points.shape} with classes {self.classes.shape}."
            raise CourseFault(text)


Panel = Images | Matrix | Curves | Regions


def _judge(title: str, values: Any, axes: int) -> None:
    """Refuse what cannot be drawn: of another form, which plots.py should have judged, or too large a number.

    The solution gives no such number, as `course verify` has seen; so it comes of what the student returned.
    """
    right = isinstance(values, np.ndarray) and values.dtype.kind in "fiub" and values.ndim == axes
    if not (right and 0 < values.size <= MAX_CELLS):
        text = f"The plot {title!r} was given what cannot be drawn: no array of numbers with {axes} axes."
        raise CourseFault(text, "Judge what a student returned before it is drawn: assert_array of nnedu.checking.")
    if not (np.abs(values.astype(float)) <= LARGEST).all():
        text = f"There are numbers to draw that are not finite, or larger than {LARGEST:g}."
        raise CheckFailed("not finite", text)
