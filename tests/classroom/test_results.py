"""Results on the disk: there as a whole, or not there."""

import subprocess
import sys

import pytest

from nnedu.classroom.results import Results, is_final, whole
from nnedu.outcome import CheckOutcome, ExerciseOutcome, LessonOutcome, State
from nnedu.publishing.stubs import lesson_stubs
from nnedu.running.grader import Result
from nnedu.running.kit import kit_of


def outcome(state, message="m"):
    check = CheckOutcome("values", "is right", state, 1, 1, message)
    return LessonOutcome("l", (ExerciseOutcome("e", "m", "t", State.WAITING, 1, 1, "s", None, (check,)),), 0.25)


@pytest.fixture
def opened(tiny, tmp_path):
    def open_results(name="sums"):
        lesson = tiny.lesson(name)
        return Results(tmp_path / "results", kit_of(tiny, lesson, lesson_stubs(lesson)))

    return open_results


def test_what_is_saved_is_loaded(opened):
    """By whoever opens the folder next."""
    result = Result(outcome(State.FAILED, "−1 ≠ σ\n\x7f"), "layers")
    key = opened().key(b"work")
    assert opened().load(key) is None
    opened().save(key, result)
    assert opened().load(key) == result
    opened().save(key, Result(None, fault="why"))
    assert opened().load(key) == Result(None, fault="why")


def test_a_key_is_of_the_work_and_of_what_judges_it(opened):
    """Another lesson has another."""
    assert opened().key(b"work") == opened().key(b"work")
    assert len({opened().key(b"work"), opened().key(b"works"), opened("lines").key(b"work")}) == 3


@pytest.mark.parametrize("cut", [0, 1, 63, 64, 65, 100, -1])
def test_a_file_that_was_cut_off_counts_for_nothing(opened, tmp_path, cut):
    """As a full disk leaves it."""
    results = opened()
    key = results.key(b"work")
    results.save(key, Result(outcome(State.PASSED)))
    path = tmp_path / "results" / key
    path.write_bytes(path.read_bytes()[:cut])
    assert results.load(key) is None


@pytest.mark.parametrize("place", [0, 70, -5])
def test_a_changed_byte_counts_for_nothing(opened, tmp_path, place):
    """A point more would be one."""
    results = opened()
    key = results.key(b"work")
    results.save(key, Result(outcome(State.PASSED)))
    path = tmp_path / "results" / key
    data = bytearray(path.read_bytes())
    data[place] ^= 1
    path.write_bytes(data)
    assert results.load(key) is None


@pytest.mark.parametrize("name", ["grades.json", "x" * 250 + ".txt"])
def test_a_file_stays_as_it_was_until_it_is_whole(tmp_path, name):
    """Whatever happens while it is written."""
    path = tmp_path / name
    with whole(path) as file:
        file.write(b"first")
    with pytest.raises(TypeError), whole(path) as file:
        file.writelines([b"sec", None])
    assert path.read_bytes() == b"first"
    with whole(path) as file:
        file.write(b"second")
        assert path.read_bytes() == b"first"
    assert path.read_bytes() == b"second"
    assert list(tmp_path.iterdir()) == [path]


def test_a_fault_is_tried_again():
    """It may have been mended, or have come of a machine that was too full."""
    assert is_final(Result(outcome(State.FAILED)))
    assert not is_final(Result(outcome(State.FAULT)))
    assert not is_final(Result(None, fault="why"))


def test_two_processes_may_write_the_same_file_at_once(tmp_path):
    """Neither takes away what the other is writing; the last one counts."""
    path = tmp_path / "name"
    code = """
import pathlib, sys
from nnedu.classroom.results import whole
with whole(pathlib.Path(sys.argv[1])) as file:
    file.write(b"other")
"""
    with whole(path) as file:
        file.write(b"ours")
        subprocess.run([sys.executable, "-c", code, str(path)], check=True)
        assert path.read_bytes() == b"other"
    assert path.read_bytes() == b"ours"
    assert [found.name for found in tmp_path.iterdir()] == ["name"]
