"""Several processes at one gradebook: nobody is locked out, and nothing that was committed is lost."""

import os
import signal
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest

from nnedu.classroom.gradebook import open_gradebook

NOON = datetime(2026, 11, 2, 12, tzinfo=UTC)
START = """
import sys, time
from datetime import UTC, datetime
from pathlib import Path
from nnedu.classroom.gradebook import open_gradebook
from nnedu.classroom.records import Comment, GradedWith, Override, Student
from nnedu.outcome import CheckOutcome, ExerciseOutcome, LessonOutcome, State
place, me = sys.argv[1:3]
NOON = datetime(2026, 11, 2, 12, tzinfo=UTC)
def outcome(points):
    checks = tuple(CheckOutcome(f"c{n}", "is right", State.FAILED, 0, 1, f"message {n} " * 40) for n in range(40))
    return LessonOutcome("l", (ExerciseOutcome("e", "m", "t", State.FAILED, points, 40, "s", checks=checks),))
def say(word):
    print(word, flush=True)
say("ready")
sys.stdin.readline()
book = open_gradebook(place if "://" in place else Path(place))
"""
GRADE = """
run = book.begin_run("l", me, GradedWith("c", "1", "2", "3", ()))
mine = [one.id for one in book.attempts("l")]
for number in range(0, len(mine), 4):
    book.save(run, [(one, outcome(int(me))) for one in mine[number : number + 4]], [f"layers of {me}"])
    say(f"saved {min(number + 4, len(mine))}")
book.end_run(run)
"""
REPORT = """
for _ in range(20):
    assert len(book.attempts()) == 40
    assert {one.outcome.points for one in book.scored()} <= {1, 2}
    book.students(); book.runs(); book.overrides()
"""
DECIDE = """
for number in range(30):
    book.enrol([Student(f"s{number}", f"Name {me}.{number}")], me)
    book.override(Override(f"s{number}", "l", "", float(number), "why", me, NOON))
    book.comment(Comment("s0", "l", "", f"{me}.{number}", me, datetime.now(UTC)))
"""
OPEN = """
say(len(book.students()))
"""
COLLECT = """
for number in range(20):
    book.add_attempt(student=f"s{number}", lesson="l", data=b"%d" % number, submitted_at=NOON, received_at=NOON)
"""


@pytest.fixture
def started(place):
    """Start processes that wait for a word; end what is left of them."""
    running = []

    def start(*codes):
        for number, code in enumerate(codes, 1):
            command = [sys.executable, "-c", START + code, str(place), str(number)]
            pipe = subprocess.PIPE
            running.append(subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=pipe, text=True))
        for one in running:
            assert one.stdout.readline() == "ready\n"
        for one in running:
            one.stdin.write("go\n")
            one.stdin.flush()
        return running

    yield start
    for one in running:
        one.kill()
        one.communicate()


def ended(processes):
    said = []
    for one in processes:
        out, err = one.communicate(timeout=120)
        assert (one.returncode, err) == (0, ""), err
        said.append(out)
    return said


def fill(book, number=40):
    for one in range(number):
        book.add_attempt(student=f"s{one}", lesson="l", data=b"%d" % one, submitted_at=NOON, received_at=NOON)


def test_many_may_open_what_is_not_there_yet(place, started):
    assert ended(started(*[OPEN] * 6)) == ["0\n"] * 6


def test_two_graders_a_reader_and_two_who_decide_do_not_lock_each_other_out(place, started):
    with open_gradebook(place) as book:
        fill(book)
        said = ended(started(GRADE, GRADE, REPORT, DECIDE, DECIDE))
        assert all("saved 40" in one for one in said[:2])
        first, second = book.runs()
        assert {first.by, second.by} == {"1", "2"}
        assert all(one.ended for one in book.runs())
        for run in (first, second):
            assert run.used.sandbox == (f"layers of {run.by}",)
            assert {one.points for one in book.results(run.id).values()} == {int(run.by)}
            assert len(book.results(run.id)) == 40
        assert {one.run for one in book.scored()} == {second.id}
        assert len(book.overrides()) == 60
        assert len(book.comments()) == 60
        assert [one.login for one in book.students() if one.listed] == sorted(f"s{n}" for n in range(30))


def test_what_two_take_in_at_once_is_there_once(place, started):
    ended(started(*[COLLECT] * 4))
    with open_gradebook(place) as book:
        assert len(book.attempts()) == 20
        assert len(book.students()) == 20


def test_a_reader_sees_what_is_committed_while_another_writes(place):
    with open_gradebook(place) as book, open_gradebook(place) as other:
        fill(book, 3)
        with book._writing() as connection:
            connection.exec_driver_sql("INSERT INTO students (login) VALUES ('new')")
            assert len(other.students()) == 3
        assert len(other.students()) == 4
        with other._reading() as connection:
            assert len(connection.exec_driver_sql("SELECT * FROM students").all()) == 4
            fill(book, 6)
        assert len(other.attempts()) == 6


@pytest.mark.parametrize("lines", [1, 3, 6])
def test_kill_9_loses_nothing_that_was_committed(place, started, lines):
    with open_gradebook(place) as book:
        fill(book, 200)
    [process] = started(GRADE)
    for _ in range(lines):
        said = process.stdout.readline()
    time.sleep(0.004 * lines)  # into the middle of the next batch
    os.kill(process.pid, signal.SIGKILL)
    out, _ = process.communicate(timeout=60)
    saved = int((out.splitlines() or [said])[-1].split()[1])
    with open_gradebook(place) as book:
        [run] = book.runs()
        assert run.ended is None
        found = book.results(run.id)
        assert saved <= len(found) < 200
        assert len(found) % 4 == 0
        for attempt in found:
            whole = book.outcome(attempt)
            assert [check.message for check in whole.exercises[0].checks] == [f"message {n} " * 40 for n in range(40)]
        if isinstance(place, Path):
            with book._reading() as connection:
                assert connection.exec_driver_sql("PRAGMA integrity_check").scalar() == "ok"
                assert connection.exec_driver_sql("PRAGMA foreign_key_check").all() == []
