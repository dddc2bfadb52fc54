"""Calibration: a check that is right for one key is right for all, and a band has evidence behind it."""

import re
import subprocess
import sys
from dataclasses import replace

import pytest

from nnedu.authoring.calibrate import calibrate, calibration_problems, load_calibration, write
from nnedu.authoring.verify import verify
from nnedu.course import load_course
from nnedu.errors import CourseFault
from nnedu.running.collect import collect
from nnedu.running.evidence import Live

TRAINS = '''

@exercise("total", trains=True)
class TestTotal:
    """the sum of all values"""

    @points(2)
    def test_sum(self, student, rng):
        """ends where it should"""
        assert_reaches(student.total(rng.uniform(1, 2, size=6)), band=(LOW, HIGH), name="sum")
'''


@pytest.fixture
def course_with(tiny_copy):
    """Give the lesson of sums a training check with a band."""
    path = tiny_copy / "graders" / "lesson02_sums" / "test_sums.py"
    whole = path.read_text()

    def make(low, high):
        text = re.sub(r'@exercise\("total"\).*?(?=@exercise)', "", whole, flags=re.DOTALL)
        text = text.replace("import assert_close", "import assert_reaches, assert_close")
        path.write_text(text + TRAINS.replace("LOW", str(low)).replace("HIGH", str(high)))
        return load_course(tiny_copy)

    return make


def problems_of(course):
    lesson = course.lesson("sums")
    exercises = collect(lesson.graders_folder, lesson.modules)
    return list(calibration_problems(lesson, exercises, Live(course, lesson)))


def calibrated(course, seeds=30):
    lesson = course.lesson("sums")
    found = calibrate(course, lesson, seeds)
    write(lesson, found.reached)
    return found


def test_what_training_reaches_is_measured_on_every_seed(course_with):
    """Smallest, median and largest, and how far the worst are from the band."""
    found = calibrated(course_with(5.0, 13.0))
    (reached,) = found.reached
    assert (found.checks, found.problems) == (3, [])
    assert (reached.check, reached.name, reached.band, reached.seeds) == ("total/sum", "sum", (5.0, 13.0), 30)
    assert 6.0 < reached.smallest < reached.median < reached.largest < 12.0
    low, high = reached.margins
    assert low == pytest.approx((reached.smallest - 5.0) / reached.sd)
    assert high == pytest.approx((13.0 - reached.largest) / reached.sd)


def test_what_was_stored_is_evidence(course_with):
    """Read as it was written; then there is nothing to say."""
    course = course_with(5.0, 13.0)
    assert [p.split(":")[0] for p in problems_of(course)] == [
        "the sum in total/sum was not calibrated for the band from 5 to 13"
    ]
    found = calibrated(course)
    assert load_calibration(course.lesson("sums")) == found.reached
    assert problems_of(course) == []


def test_another_band_has_to_be_calibrated_again(course_with):
    """And the evidence of the old one belongs to nothing."""
    calibrated(course_with(5.0, 13.0))
    new, old = problems_of(course_with(4.0, 13.0))
    assert "was not calibrated for the band from 4 to 13" in new
    assert "which no training check measures so" in old


def test_few_seeds_are_no_evidence(course_with):
    """Thirty are asked for."""
    course = course_with(5.0, 13.0)
    calibrated(course, seeds=29)
    (problem,) = problems_of(course)
    assert "calibrated on 29 seeds; 30 are asked for" in problem


def test_a_band_that_the_solution_leaves_is_refused(course_with):
    """On some seed, though not on the one that verify runs."""
    course = course_with(5.0, 13.0)
    calibrated(course)
    path = course.lesson("sums").graders_folder / "calibration.toml"
    path.write_text(re.sub(r"smallest = .*", "smallest = 4.9", path.read_text()))
    (problem,) = problems_of(course)
    assert "should lie between 5 and 13, but the solution reaches 4.9 to" in problem


def test_a_solution_that_fails_on_some_seed_is_named(course_with):
    """With the check, the seed, and what it said."""
    course = course_with(8.7, 13.0)
    found = calibrate(course, course.lesson("sums"), 30)
    assert found.problems
    assert all(
        re.match(r"the solution does not pass total/sum with seed \d+: Training ends with the sum at", problem)
        for problem in found.problems
    )


def test_a_seed_is_the_same_again(course_with):
    """And follows from the course's key."""
    course = course_with(5.0, 13.0)
    first = calibrated(course, seeds=5).reached
    assert calibrated(course, seeds=5).reached == first
    assert calibrated(replace(course, key="another"), seeds=5).reached != first


def test_verify_asks_for_evidence(course_with):
    """As one of its rules."""
    course = course_with(5.0, 13.0)
    assert any("the sum in total/sum was not calibrated" in p for p in verify(course, course.lesson("sums")).problems)


def test_evidence_that_cannot_be_read_is_said(course_with):
    """With what writes it anew."""
    course = course_with(5.0, 13.0)
    (course.lesson("sums").graders_folder / "calibration.toml").write_text("reached = 1\n")
    with pytest.raises(CourseFault, match=r"calibration.toml cannot be read(.|\n)*nnedu course calibrate"):
        problems_of(course)


def test_the_command(course_with):
    """It prints, writes where it is asked to, and exits 1 where a seed fails."""

    def run(course, *more):
        command = [sys.executable, "-m", "nnedu", "course", "calibrate", "sums", "--course", str(course.root), *more]
        return subprocess.run(command, capture_output=True, text=True, check=False)

    course = course_with(5.0, 13.0)
    stored = course.lesson("sums").graders_folder / "calibration.toml"
    plain = run(course)
    assert (plain.returncode, plain.stderr) == (0, "")
    assert "total/sum: sum" in plain.stdout
    assert not stored.exists()
    assert "total/sum" not in run(course, "--quick").stdout, "it trains"
    refused = run(course, "--quick", "--write")
    assert (refused.returncode, stored.exists()) == (2, False)
    assert run(course, "--write", "--seeds", "31").returncode == 0
    assert "seeds = 31" in stored.read_text()
    failing = run(course_with(8.7, 13.0), "--write")
    assert failing.returncode == 1
    assert "wrong: the solution does not pass total/sum with seed" in failing.stdout
    assert "seeds = 31" in stored.read_text(), "what does not pass is no evidence"
