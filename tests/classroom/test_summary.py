"""Gradebook and policy to the records of a report: what counts, what was misunderstood, where the course was wrong."""

import shutil
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from pathlib import Path

import pytest

from nnedu.classroom.archive import make_archive
from nnedu.classroom.desk import open_desk
from nnedu.classroom.findings import LINES, WHOLE
from nnedu.classroom.ledger import read_ledger
from nnedu.classroom.overview import course_report, falling_behind
from nnedu.classroom.policy import Mark, Standing
from nnedu.classroom.records import Extension, GradedWith, Student
from nnedu.classroom.summary import duration, lesson_report, student_report
from nnedu.course import load_course
from nnedu.course.policy import Schedule
from nnedu.outcome import CheckOutcome, Diagnosis, ExerciseOutcome, LessonOutcome, State
from nnedu.reporting.pages.records import Arrival

TINY = Path(__file__).parents[1] / "courses" / "tiny"
LESSON = "lesson02_sums"
DUE = datetime(2026, 3, 1, 12, tzinfo=UTC)
NOW = DUE + timedelta(days=30)
USED = GradedWith("Lines and sums", "1.0", "abc", "nnedu 0.1", ("seccomp",))


def check(name, state=State.PASSED, worth=2, *, hidden=False):
    earned, worth = (worth if state is State.PASSED else 0), (0 if state is State.FAULT else worth)
    return CheckOutcome(name, f"is right in {name}", state, earned, worth, f"{name} {state}!", "", hidden)


def exercise(name, *checks, state=State.PASSED, mistake="", broken_at="", module="sums"):
    earned, worth = sum(one.points for one in checks), sum(one.max_points for one in checks)
    named = Diagnosis(mistake, f"the slip {mistake} is made") if mistake else None
    return ExerciseOutcome(
        name, module, f"title of {name}", state, earned, worth, "", named, checks, broken_at=broken_at
    )


def outcome(*exercises):
    return LessonOutcome(LESSON, exercises)


RIGHT = outcome(exercise("total", check("a"), check("b")), exercise("answers", check("c", worth=4)))
WRONG = (check("a", State.FAILED, hidden=True), check("b", State.FAILED))


@pytest.fixture
def desk(tmp_path):
    shutil.copytree(TINY, tmp_path / "course")
    course = load_course(tmp_path / "course")
    lessons = tuple(replace(one, schedule=Schedule(due=DUE, cut_off=DUE + timedelta(days=3))) for one in course.lessons)
    with open_desk(replace(course, lessons=lessons)) as opened:
        yield opened


@pytest.fixture
def graded(desk):
    """Put a class into the gradebook, and read the lesson."""

    def put(class_, *, roster=(), hours=None, problems=None, source="x = 1\n"):
        desk.book.enrol([Student(login, login.title()) for login in roster], "kim")
        run = desk.book.begin_run(LESSON, "kim", USED)
        for number, (student, found) in enumerate(class_.items()):
            attempt, _ = desk.book.add_attempt(
                student=student,
                lesson=LESSON,
                data=make_archive({"sums.py": f"# {student}\n{source}".encode()}),
                submitted_at=DUE + timedelta(hours=(hours or {}).get(student, -1.0), seconds=number),
                received_at=DUE,
                problem=(problems or {}).get(student, ""),
            )
            if found is not None:
                desk.book.save(run, [(attempt.id, found)])
        desk.book.end_run(run)
        return read_ledger(desk, desk.course.lesson(LESSON), NOW)

    return put


def test_everybody_on_the_roster_is_in_it_and_whoever_else_handed_in(graded):
    """Each as their work came in."""
    ledger = graded(
        dict.fromkeys(["ada", "ben", "cat", "dan", "gus"], RIGHT) | {"eve": None},
        roster=["ada", "ben", "cat", "dan", "eve", "fay"],
        hours={"ben": 5.0, "cat": 100.0},
        problems={"dan": "The zip is damaged."},
    )
    people = {one.login: one for one in lesson_report(ledger).people}
    assert {login: one.arrival for login, one in people.items()} == {
        "ada": Arrival.ON_TIME,
        "ben": Arrival.LATE,
        "cat": Arrival.TOO_LATE,
        "dan": Arrival.UNREADABLE,
        "eve": Arrival.UNGRADED,
        "fay": Arrival.MISSING,
        "gus": Arrival.ON_TIME,
    }
    assert (people["ada"].points, people["ada"].max_points, people["ada"].hours_left) == (8.0, 8.0, 1.0)
    assert (people["ben"].late, people["ben"].hours_left) == ("5 h", -(5.0 + 1 / 3600))
    assert (people["cat"].late, people["cat"].cells) == ("4 days", ())
    assert (people["dan"].note, people["dan"].cells) == ("The zip is damaged.", ())
    assert (people["gus"].note, people["ada"].note) == ("not on the roster", "")
    assert not people["eve"].marked


def test_an_extension_moves_what_is_late(graded, desk):
    ledger = graded({"ada": RIGHT}, roster=["ada"], hours={"ada": 5.0})
    desk.book.extend(Extension("ada", LESSON, DUE + timedelta(days=1), "ill", "kim", NOW))
    [ada] = lesson_report(read_ledger(desk, ledger.lesson, NOW)).people
    assert (ada.arrival, ada.late, ada.hours_left) == (Arrival.ON_TIME, "", 19.0)


def test_mistakes_by_frequency_with_an_example_that_students_may_see(graded):
    """By their names where they have one; else by the first check that fails."""
    slip = outcome(exercise("total", *WRONG, state=State.FAILED, mistake="slip"), RIGHT.exercises[1])
    odd = outcome(exercise("total", *WRONG, state=State.FAILED), RIGHT.exercises[1])
    waiting = outcome(exercise("total", *WRONG, state=State.WAITING), RIGHT.exercises[1])
    unloaded = outcome(exercise("total", *WRONG, state=State.RAISED, broken_at="sums.py:3"), RIGHT.exercises[1])
    class_ = {"ada": slip, "ben": odd, "cat": slip, "dan": waiting, "eve": RIGHT, "fay": unloaded}
    found = lesson_report(graded(class_)).misunderstood
    assert [(one.exercise, one.sentence, one.named, one.students) for one in found] == [
        ("total", "the slip slip is made", True, ("ada", "cat")),
        ("sums.py", "the file cannot be loaded", False, ("fay",)),
        ("total", "not yet: is right in a", False, ("ben",)),
    ]
    assert (found[0].check, found[0].example) == ("is right in b", "b failed!")


def test_a_fault_of_the_course_is_told_apart_and_counts_for_nobody(graded):
    faulty = outcome(exercise("total", check("a", State.FAULT), check("b")), RIGHT.exercises[1])
    lost = outcome(
        exercise("total", check("a", State.FAULT), state=State.FAULT),
        exercise("answers", check("c", State.FAULT), state=State.FAULT),
    )
    report = lesson_report(graded({"ada": RIGHT, "ben": faulty, "cat": faulty, "dan": lost}))
    assert [(one.exercise, one.check, one.message, one.students) for one in report.faults] == [
        ("total", "is right in a", "a fault!", ("ben", "cat")),
        (WHOLE, "could not be graded", "a fault!", ("dan",)),
    ]
    assert report.misunderstood == ()
    total = report.columns[0]
    assert (total.max_points, total.handed_in, total.right, total.mean_share) == (4, 3, 3, 1.0)
    assert {one.login: (one.points, one.max_points) for one in report.people}["ben"] == (6.0, 6.0)


def test_columns_are_over_those_who_handed_in(graded):
    half = outcome(exercise("total", check("a"), check("b", State.FAILED), state=State.FAILED), RIGHT.exercises[1])
    nothing = outcome(
        exercise("total", check("a", State.NOT_STARTED), check("b", State.NOT_STARTED), state=State.NOT_STARTED),
        RIGHT.exercises[1],
    )
    class_ = {"ada": RIGHT, "ben": half, "cat": nothing, "dan": RIGHT}
    report = lesson_report(graded(class_, roster=["eve"], problems={"dan": "damaged"}))
    total = report.columns[0]
    assert (total.handed_in, total.right, total.begun, total.mean_share, total.difficulty) == (3, 1, 2, 0.5, 0.5)
    assert report.reliability.students == 3


def test_the_same_gradebook_gives_the_same_report(graded):
    """The bootstrap is drawn from a seed."""
    ledger = graded({"ada": RIGHT, "ben": outcome(exercise("total", *WRONG, state=State.FAILED), RIGHT.exercises[1])})
    assert lesson_report(ledger) == lesson_report(ledger)


def test_two_texts_stand_side_by_side(graded):
    """Those of the attempts that count, no more of a long one than a page bears, and what both have is marked."""
    shared = "\n".join(f"def f{i}(a, b):\n    c{i} = a * {i} - b\n    return c{i} + a" for i in range(120))
    report = lesson_report(graded({"ada": RIGHT, "ben": RIGHT}, source=shared))
    [group] = report.alike
    assert group.students == ("ada", "ben")
    [passage] = group.pairs[0].passages
    assert passage.module == "sums"
    assert len(passage.left) == LINES
    assert not passage.left[0].same
    assert passage.left[0].text == "# ada"
    assert all(line.same for line in passage.left[2:])


def test_two_people_of_one_name_are_told_apart(desk):
    desk.book.enrol([Student("ada1", "Ada"), Student("ada2", "Ada"), Student("ben", "Ben")], "kim")
    ledger = read_ledger(desk, desk.course.lesson(LESSON), NOW)
    assert ledger.names == {"ada1": "Ada (ada1)", "ada2": "Ada (ada2)", "ben": "Ben"}


def test_a_student_is_given_the_latest_outcome_with_its_messages(graded, desk):
    ledger = graded(
        {"ada": outcome(exercise("total", *WRONG, state=State.FAILED), RIGHT.exercises[1])}, roster=["ada", "ben"]
    )
    given = student_report(ledger, "ada")
    assert given.outcome.exercises[0].checks[1].message == "b failed!"
    assert (given.shown, given.mark, given.problem) == ("Ada", "4.00 of 8.00", "")
    assert given.explanation[-1].split() == ["4.00", "of", "8.00,", "on", "time"]
    missing = student_report(ledger, "ben")
    assert missing.problem == "Nothing of yours was graded: missing."
    assert missing.outcome.exercises == ()


def mark(lesson, share, state=Standing.ON_TIME):
    return Mark(lesson, state, Fraction(share).limit_denominator(100), Fraction(1), ())


@pytest.mark.parametrize(
    ("shares", "said"),
    [
        ([0.5, 0.5, 0.5], ()),
        ([0.49, 0.5, 0.5], ("has 50 % over the last 3 lessons",)),
        ([0.4], ("has 40 % over the one lesson so far",)),
        ([None, 1.0, 1.0], ()),
        ([None, None, 1.0], ("handed in nothing in 2 of the last 3 lessons", "has 33 % over the last 3 lessons")),
        ([None, None, 1.0, 1.0, 1.0], ()),
        ([0.9, 0.9, 0.71, 0.71, 0.71], ()),
        ([0.9, 0.9, 0.7, 0.7, 0.7], ("fell from 90 % to 70 %",)),
        ([], ()),
    ],
)
def test_who_falls_behind_does_so_by_the_rule(shares, said):
    marks = {
        f"l{n}": mark(f"l{n}", 0 if share is None else share, Standing.MISSING if share is None else Standing.ON_TIME)
        for n, share in enumerate(shares)
    }
    assert falling_behind(marks) == said


def test_what_does_not_count_yet_does_not_make_anybody_fall_behind():
    marks = {"a": mark("a", 0.9), "b": mark("b", 0, Standing.NOT_DUE), "c": mark("c", 0, Standing.WAITING)}
    assert falling_behind(marks) == ()


def test_a_course_is_of_the_lessons_that_have_begun(graded, desk):
    ledger = graded({"ada": RIGHT, "ben": RIGHT}, roster=["ada", "ben", "cat"], hours={"ben": 30.0})
    first = read_ledger(desk, desk.course.lessons[0], NOW)
    report = course_report(desk, [first, ledger], NOW)
    [line] = report.lessons
    assert (line.lesson, line.students, line.handed_in, line.late, line.missing) == ("lesson2", 3, 2, 1, 1)
    assert (line.mean_share, line.median_share) == (1.0, 1.0)
    assert {one.login: (one.total, one.shares, one.missing) for one in report.people} == {
        "ada": (1.0, (1.0,), 0),
        "ben": (1.0, (1.0,), 0),
        "cat": (0.0, (None,), 1),
    }


@pytest.mark.parametrize(
    ("span", "said"),
    [
        (timedelta(seconds=20), "1 min"),
        (timedelta(minutes=59), "59 min"),
        (timedelta(hours=1), "1 h"),
        (timedelta(hours=47), "47 h"),
        (timedelta(hours=48), "2 days"),
    ],
)
def test_lateness_in_words(span, said):
    assert duration(span) == said
