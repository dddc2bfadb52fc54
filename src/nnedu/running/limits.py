"""What the limits of a course mean for the sandbox."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nnedu.sandbox.layers import Bubblewrap, Files, Layer, Policy
from nnedu.sandbox.submission import Limits

if TYPE_CHECKING:
    from nnedu.course import Course


def limits_of(course: Course) -> Limits:
    """Return the seconds that student code has where it is graded."""
    limits = course.limits
    return Limits(limits.call_seconds, limits.submission_seconds, limits.exercise_seconds, limits.memory_mib)


def policy_of(course: Course) -> Policy:
    """Return what a worker is given when a class is graded. What students may import is loaded beforehand."""
    limits, sandbox = course.limits, course.sandbox
    return Policy(
        preload=tuple(sorted(course.imports)),
        files=Files(sandbox.files),
        bubblewrap=Bubblewrap(sandbox.bubblewrap),
        cpu_seconds=limits.cpu_seconds,
        memory_mib=limits.memory_mib,
        output_kib=limits.output_kib,
        minimum=tuple(map(Layer, sandbox.minimum)),
    )
