"""A core for each grader: nobody else's, given back in the end, and done without where there is none."""

import os
import threading

import pytest

from nnedu.running import cores
from nnedu.running.cores import is_filled_by, own_core, usable_cores

ALL = os.sched_getaffinity(0)


@pytest.fixture(autouse=True)
def _alone(monkeypatch):
    """Have other names than the graders of tests that run at the same time."""
    monkeypatch.setattr(cores, "_NAME", f"\0nnedu-test-{os.getpid()}-{{}}")


def test_each_has_another_core_as_long_as_there_are_any():
    """Each in a thread of its own, which alone is kept on it."""
    found, here = [], threading.Barrier(len(ALL) + 1)

    def grade():
        with own_core():
            found.append(os.sched_getaffinity(0))
            here.wait()
            here.wait()
        found.append(os.sched_getaffinity(0))

    threads = [threading.Thread(target=grade) for _ in ALL]
    for thread in threads:
        thread.start()
    here.wait()
    assert sorted(found, key=min) == [{core} for core in sorted(ALL)]
    assert os.sched_getaffinity(0) == ALL
    with own_core():  # there is none any more
        assert os.sched_getaffinity(0) == ALL
    here.wait()
    for thread in threads:
        thread.join()
    assert found[len(ALL) :] == [ALL] * len(ALL)


def test_a_core_is_given_back():
    for _ in range(3):
        with own_core():
            assert os.sched_getaffinity(0) == {min(ALL)}
        assert os.sched_getaffinity(0) == ALL


def test_a_core_is_given_back_by_another_thread():
    """As a cluster closes a grader; and where the thread that had it has ended, nothing is left to be done."""
    opened = own_core()
    before = threading.Thread(target=opened.__enter__)
    before.start()
    before.join()
    opened.__exit__(None, None, None)
    with own_core():
        assert os.sched_getaffinity(0) == {min(ALL)}


def test_what_goes_wrong_on_a_core_is_not_kept_there():
    with pytest.raises(FileNotFoundError), own_core():
        os.stat("nothing")  # noqa: PTH116 - whatever raises an OSError
    assert os.sched_getaffinity(0) == ALL


def test_cores_are_filled_by_as_many_graders():
    assert [is_filled_by(number) for number in (0, usable_cores() - 1, usable_cores() + 1)] == [False, False, False]
    assert is_filled_by(usable_cores()) == (usable_cores() > 1)
