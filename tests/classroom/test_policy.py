"""Marks by the policy: lateness, attempts, extensions, hints, marks set by hand, faults of the course."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from zoneinfo import ZoneInfo

import pytest
from policy_cases import DAY, DUE, HOUR, LESSON, NOW, WORTH, added, course, extension, mark, override, said, scored

from nnedu.classroom.policy import Standing, class_marks, full_worth
from nnedu.classroom.records import Attempt, Scored
from nnedu.outcome import LessonOutcome

SECOND = timedelta(seconds=1)


def points_at(at, *, due=DUE, **policy):
    """Return the points, of 10, of right work that is handed in then."""
    return mark(course(due, **policy), scored(at=at)).points


def test_without_a_policy_the_last_attempt_counts_in_full():
    judged = mark(course(None), scored(1, at=DUE), scored(2, at=DUE + DAY, dense=3))
    assert (judged.state, judged.points, judged.max_points) == (Standing.ON_TIME, 7, 10)
    assert judged.counting.attempt.id == 2
    assert judged.counts


@pytest.mark.parametrize(
    ("late", "points"),
    [
        (timedelta(0), 10),
        (timedelta(milliseconds=900), 10),  # the second that it is due in
        (SECOND, 9),
        (DAY, 9),
        (DAY + SECOND, 8),
        (3 * DAY, 7),
        (100 * DAY, 5),
    ],
)
def test_days_begun_cost_up_to_a_most(late, points):
    assert points_at(DUE + late, late_percent=10, late_most=50) == points


@pytest.mark.parametrize(("late", "points"), [(SECOND, "9.75"), (HOUR, "9.75"), (HOUR + SECOND, "9.5"), (9 * DAY, 0)])
def test_hours_begun_cost(late, points):
    assert points_at(DUE + late, late_percent=2.5, late_per="hour") == Fraction(points)


@pytest.mark.parametrize(("late", "points"), [(timedelta(minutes=10), 10), (timedelta(minutes=10, seconds=1), 9)])
def test_within_the_grace_nothing_is_late_and_after_it_all_of_it(late, points):
    judged = mark(course(late_percent=1, late_per="hour", grace_minutes=10), scored(at=DUE + late))
    assert judged.points == {10: 10, 9: Fraction("9.9")}[points]
    assert judged.lateness == (late if points == 9 else timedelta(0))
    assert judged.state is (Standing.LATE if points == 9 else Standing.ON_TIME)


@pytest.mark.parametrize(
    ("due", "handed_in", "points"),
    [
        ("2026-03-28T12:00", "2026-03-29T10:00", 9),  # a day of 23 hours: it ends at noon, 10:00 in UTC...
        ("2026-03-28T12:00", "2026-03-29T11:00", 9),  # ...or after 24 hours, which is later
        ("2026-03-28T12:00", "2026-03-29T11:00:01", 8),
        ("2026-10-24T12:00", "2026-10-25T11:00", 9),  # a day of 25 hours ends at noon, 11:00 in UTC
        ("2026-10-24T12:00", "2026-10-25T11:00:01", 8),
        ("2026-10-24T12:00", "2026-10-26T11:00", 8),
    ],
)
def test_a_day_is_never_shorter_than_on_the_clock_nor_than_24_hours(due, handed_in, points):
    zone = "Europe/Berlin"
    limit = datetime.fromisoformat(due).replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)
    at = datetime.fromisoformat(handed_in).replace(tzinfo=UTC)
    assert points_at(at, due=limit, late_percent=10, timezone=zone) == points


def test_after_the_cut_off_an_attempt_is_listed_and_does_not_count():
    of = course(cut_off=DUE + DAY, late_percent=10)
    assert mark(of, scored(at=DUE + DAY)).points == 9
    judged = mark(of, scored(at=DUE + DAY + SECOND))
    assert (judged.state, judged.points, judged.counting, judged.counts) == (Standing.TOO_LATE, 0, None, True)
    assert any("after the cut-off, which does not count" in text for text in said(judged))
    both = mark(of, scored(1, at=DUE, dense=0), scored(2, at=DUE + 2 * DAY))
    assert (both.state, both.points, len(both.attempts)) == (Standing.ON_TIME, 4, 2)


def test_the_best_attempt_is_the_best_after_what_is_taken():
    """Right work six days late is worth less than nearly right work in time."""
    early, late = scored(1, dense=3), scored(2, at=DUE + 6 * DAY)
    assert mark(course(late_percent=10, attempts="best"), early, late).points == 7
    assert mark(course(late_percent=10, attempts="last"), early, late).points == 4
    assert mark(course(late_percent=1, attempts="best"), early, late).points == Fraction("9.4")


def test_an_attempt_that_cannot_be_read_gives_way_to_one_that_can():
    judged = mark(course(None), scored(1, dense=3), scored(2, at=DUE, dense=0, relu=0, problem="The zip is damaged."))
    assert (judged.points, judged.counting.attempt.id) == (7, 1)
    alone = mark(course(None), scored(2, dense=0, relu=0, problem="The zip is damaged."))
    assert (alone.points, alone.state) == (0, Standing.ON_TIME)


@pytest.mark.parametrize(
    ("now", "state", "counts"), [(DUE, Standing.NOT_DUE, False), (DUE + SECOND, Standing.MISSING, True)]
)
def test_nothing_handed_in(now, state, counts):
    judged = mark(course(), now=now)
    assert (judged.state, judged.points, judged.max_points, judged.counts) == (state, 0, 10, counts)


def test_without_a_due_date_nothing_is_missing():
    assert mark(course(None)).state is Standing.NOT_DUE
    assert mark(course(None, DUE)).state is Standing.MISSING  # unless nothing is taken any more


def test_what_is_not_graded_yet_is_no_mark():
    attempt = Attempt(1, "ada", LESSON, "d", DUE, DUE)
    judged = mark(course(), attempts=[attempt])
    assert (judged.state, judged.counts) == (Standing.WAITING, False)
    late = mark(course(cut_off=DUE), attempts=[Attempt(1, "ada", LESSON, "d", DUE + DAY, DUE)])
    assert late.state is Standing.TOO_LATE
    both = mark(course(), scored(7), attempts=[attempt])
    assert [one.graded for one in both.attempts] == [True, False]
    assert any("not graded yet" in text for text in said(both))


def test_an_extension_moves_the_due_date_and_as_far_the_cut_off():
    of = course(cut_off=DUE + DAY, late_percent=10)
    given = [extension(DUE + 3 * DAY)]
    assert mark(of, scored(at=DUE + 3 * DAY), extensions=given).points == 10
    assert mark(of, scored(at=DUE + 4 * DAY), extensions=given).points == 9
    judged = mark(of, scored(at=DUE + 4 * DAY + SECOND), extensions=given)
    assert (judged.state, judged.due, judged.cut_off) == (Standing.TOO_LATE, DUE + 3 * DAY, DUE + 4 * DAY)
    assert "extended until 2026-03-13 12:00 UTC by grace: ill" in said(judged)
    assert mark(of, now=DUE + 2 * DAY, extensions=given).state is Standing.NOT_DUE


def test_the_latest_extension_counts_and_none_is_before_the_schedule():
    of = course(late_percent=10)
    two = [extension(DUE + DAY, minutes=1), extension(DUE + 5 * DAY)]
    assert mark(of, scored(at=DUE + 2 * DAY), extensions=two).points == 9
    assert mark(of, extensions=[extension(DUE - 5 * DAY)]).due == DUE
    assert mark(course(None), extensions=[extension(DUE)]).due is None
    assert mark(course(None, DUE), extensions=[extension(DUE + DAY)]).cut_off == DUE + DAY


def test_what_only_an_extension_lets_in_does_not_hurt():
    """The last attempt counts, but without the extension a worse one would not have been taken."""
    of = course(cut_off=DUE)
    attempts = [scored(1), scored(2, at=DUE + DAY, dense=0)]
    assert mark(of, *attempts).points == 10
    assert mark(of, *attempts, extensions=[extension(DUE + DAY)]).points == 10


def test_hints_cost_percents_of_their_exercise():
    of = course(hint_percent=10, hint_most=30)
    assert mark(of, scored(hints=(("dense", 2),))).points == Fraction("8.8")
    assert mark(of, scored(hints=(("dense", 9), ("relu", 1)))).points == Fraction("7.8")
    assert mark(of, scored(hints=(("dense", 2),), dense=0)).points == 4
    assert mark(of, scored(hints=(("unknown", 2),))).points == 10
    assert mark(course(), scored(hints=(("dense", 2),))).points == 10


def test_what_a_fault_touched_is_out_of_the_maximum_and_said():
    judged = mark(course(), scored(dense=3, faulty=2))
    assert (judged.points, judged.max_points, judged.share) == (7, 8, Fraction(7, 8))
    assert any("2 points count neither way" in text for text in said(judged))


def test_where_a_fault_left_nothing_a_student_is_excused():
    empty = Scored(scored().attempt, 1, LessonOutcome(LESSON, ()))
    judged = mark(course(), empty)
    assert (judged.state, judged.share, judged.counts) == (Standing.EXCUSED, None, False)
    assert mark(course(), empty, scored(2, at=DUE - 2 * HOUR)).points == 10  # an earlier one that can be judged


def test_a_mark_by_hand_of_an_exercise_comes_before_what_is_taken():
    of = course(late_percent=10, hint_percent=10)
    attempt = scored(at=DUE + HOUR, dense=0, hints=(("dense", 1),))
    judged = mark(of, attempt, overrides=[override(5, "dense")])
    assert judged.points == (5 * Fraction("0.9") + 4) * Fraction("0.9")
    assert judged.by_hand
    assert any(text == "dense set to 5.00 by grace on 2027-01-04: because" for text in said(judged))


def test_a_mark_by_hand_of_the_lesson_comes_after():
    of = course(late_percent=10)
    judged = mark(of, scored(at=DUE + HOUR, dense=0), overrides=[override(9.1)])
    assert (judged.points, judged.max_points, judged.by_hand) == (Fraction("9.1"), 10, True)
    assert mark(of, overrides=[override(9)]).counts  # of nothing at all, too
    assert mark(of, overrides=[override(9)], now=DUE - DAY).counts


def test_a_mark_by_hand_brings_back_what_a_fault_took_out():
    faulty = scored(dense=0, faulty=6)
    assert mark(course(), faulty).max_points == 4
    judged = mark(course(), faulty, overrides=[override(5, "dense")])
    assert (judged.points, judged.max_points) == (9, 10)
    assert mark(course(), faulty, overrides=[override(8)]).max_points == 10


@pytest.mark.parametrize(("given", "points"), [(-3, 4), (99, 10), (0, 4), (2.5, Fraction("6.5"))])
def test_a_mark_by_hand_is_at_most_what_there_is(given, points):
    judged = mark(course(), scored(dense=1), overrides=[override(given, "dense")])
    assert judged.points == points
    assert any("asked for" in text for text in said(judged)) == (given in {-3, 99})


def test_the_latest_mark_by_hand_counts_and_what_is_taken_back_does_not():
    taken_back = [override(1, minutes=1), override(None, minutes=2)]
    assert mark(course(), scored(), overrides=taken_back) == mark(course(), scored())
    assert mark(course(), scored(), overrides=[override(2, minutes=3), *taken_back]).points == 2
    of_exercise = [override(1, "dense"), override(None, "dense", minutes=1)]
    assert mark(course(), scored(), overrides=of_exercise) == mark(course(), scored())
    assert mark(course(), scored(), overrides=[override(1, "gone")]).points == 10


def test_what_is_of_another_lesson_has_no_effect():
    other = "lesson02_more"
    away = replace(scored(9), attempt=replace(scored(9).attempt, lesson=other))
    facts = {
        "overrides": [replace(override(1), lesson=other)],
        "extensions": [replace(extension(NOW), lesson=other)],
    }
    assert mark(course(late_percent=10), scored(at=DUE + DAY), away, **facts) == mark(
        course(late_percent=10), scored(at=DUE + DAY)
    )


def test_a_class_is_judged_student_by_student():
    of = course(late_percent=10)
    rows = [scored(1), scored(2, student="bob", at=DUE + HOUR, faulty=2, dense=4)]
    marks = class_marks(
        of,
        of.lessons[0],
        ["ada", "bob", "cleo", "dan"],
        attempts=[*(one.attempt for one in rows), Attempt(3, "dan", LESSON, "d", DUE, DUE)],
        scored=rows,
        extensions=[extension(DUE + HOUR, student="bob")],
        overrides=[override(3, student="ada")],
        now=NOW,
    )
    assert {login: (one.points, one.max_points, one.state.value) for login, one in marks.items()} == {
        "ada": (3, 10, "on time"),
        "bob": (8, 8, "on time"),
        "cleo": (0, 10, "missing"),
        "dan": (0, 10, "not graded yet"),
    }


def test_what_an_exercise_is_worth_is_the_most_that_was_met_of_the_latest_run():
    assert full_worth([]) == {}
    assert full_worth([scored(faulty=6, dense=0), scored(2, faulty=2, dense=0)]) == {"dense": 4, "relu": 4}
    old = scored(run=1)
    new = scored(2, run=2, faulty=6, dense=0)
    assert full_worth([new, old]) == WORTH


def test_every_step_is_a_line_and_the_lines_add_up():
    of = course(late_percent=10, hint_percent=10, cut_off=DUE + 9 * DAY)
    judged = mark(of, scored(dense=3), scored(2, at=DUE + HOUR, dense=5, hints=(("dense", 1),)))
    assert said(judged) == [
        "due 2026-03-10 12:00 UTC",
        "taken until 2026-03-19 12:00 UTC",
        "attempt 1, 2026-03-10 11:00 UTC, on time: 70.00 %",
        "attempt 2, 2026-03-10 13:00 UTC, 1 day late: 76.50 %, counts",
        "dense, of 6",
        "1 hint on dense, 10 % of its points",
        "relu, of 4",
        "1 day late, 10 % of the points",
    ]
    assert added(judged) == judged.points == Fraction("7.65")
    assert (judged.total.text, judged.total.amount) == ("of 10.00, late", judged.points)


def test_the_second_of_the_cut_off_is_in_time():
    of = course(cut_off=DUE + DAY)
    assert mark(of, scored(at=DUE + DAY + timedelta(milliseconds=900))).points == 10


def test_of_what_only_an_extension_lets_in_the_best_counts_so_that_a_longer_one_does_not_hurt():
    of = course(cut_off=DUE)
    attempts = [scored(1, dense=0), scored(2, at=DUE + DAY), scored(3, at=DUE + 2 * DAY, dense=1)]
    marks = [mark(of, *attempts, extensions=[extension(DUE + days * DAY)]).points for days in (0, 1, 2)]
    assert marks == [4, 10, 10]


def test_an_exercise_that_an_old_run_did_not_know_counts_only_where_a_person_set_it():
    old = scored()
    old = replace(old, outcome=LessonOutcome(LESSON, old.outcome.exercises[:1]))
    taken_back = [override(2, "relu"), override(None, "relu", minutes=1)]
    assert mark(course(), old, overrides=taken_back).lines == mark(course(), old).lines
    assert mark(course(), old).max_points == 6
    by_hand = mark(course(), old, overrides=[override(2, "relu")])
    assert (by_hand.points, by_hand.max_points) == (8, 10)


def test_an_attempt_that_only_an_extension_lets_in_takes_nothing_from_a_mark_by_hand():
    """Its hints would; so the mark stays what it was without the extension."""
    of = course(cut_off=DUE, hint_percent=10)
    attempt, by_hand = scored(at=DUE + DAY, dense=0, relu=0, hints=(("relu", 1),)), [override(1, "relu")]
    assert mark(of, attempt, overrides=by_hand).points == 1
    judged = mark(of, attempt, overrides=by_hand, extensions=[extension(DUE + DAY)])
    assert (judged.points, added(judged), judged.state) == (1, 1, Standing.ON_TIME)
    assert any("left aside" in text for text in said(judged))
    assert mark(of, scored(at=DUE, dense=0, hints=(("relu", 1),)), overrides=by_hand).points == Fraction("0.9")
