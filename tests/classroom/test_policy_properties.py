"""What holds of every mark, whatever the policy and whatever was handed in; and of the mark of a course."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from itertools import combinations

from hypothesis import assume, given, settings
from hypothesis import strategies as st
from policy_cases import DUE, LESSON, WORTH, added, course, extension, mark, override, scored

from nnedu.classroom.policy import Mark, Standing
from nnedu.classroom.total import course_mark

ZONES = ("UTC", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe")
percents = st.sampled_from([0.0, 0.1, 2.5, 10.0, 33.3, 100.0])
moments = st.datetimes(datetime(2026, 2, 1), datetime(2026, 4, 20), timezones=st.just(UTC))  # noqa: DTZ001
# The clocks of these zones change on 8 March, 29 March and 5 April: dates are drawn near that, and near the due date.
near = st.sampled_from([DUE, datetime(2026, 3, 8, 7, tzinfo=UTC), datetime(2026, 3, 29, 1, tzinfo=UTC)])
times = st.one_of(moments, st.builds(lambda at, by: at + timedelta(seconds=by), near, st.integers(-90_000, 180_000)))
hints = st.dictionaries(st.sampled_from([*WORTH, "unknown"]), st.integers(0, 40)).map(lambda one: tuple(one.items()))


@st.composite
def courses(draw, **fixed):
    """A course with any policy and any dates."""
    due = draw(st.none() | times)
    cut_off = draw(st.none() | st.integers(0, 400_000).map(lambda by: (due or DUE) + timedelta(seconds=by)))
    policy = {
        "timezone": draw(st.sampled_from(ZONES)),
        "attempts": draw(st.sampled_from(["best", "last"])),
        "late_percent": draw(percents),
        "late_per": draw(st.sampled_from(["hour", "day"])),
        "late_most": draw(percents),
        "grace_minutes": draw(st.sampled_from([0.0, 0.5, 15.0, 600.0])),
        "hint_percent": draw(percents),
        "hint_most": draw(percents),
    }
    return course(due and due.replace(microsecond=0), cut_off and cut_off.replace(microsecond=0), **policy | fixed)


@st.composite
def attempt_lists(draw, least=0, **fixed):
    """Some graded attempts, a few with a fault of the course in them, or unreadable."""
    rows = []
    for number in range(draw(st.integers(least, 4))):
        faulty = fixed.get("faulty", draw(st.sampled_from([0, 0, 0, 2, 6])))
        problem = draw(st.sampled_from(["", "", "", "damaged"]))
        dense = 0 if problem else draw(st.integers(0, 6 - faulty))
        relu = 0 if problem else draw(st.integers(0, 4))
        at, used = draw(times), draw(hints)
        rows.append(scored(number, at=at, hints=used, problem=problem, dense=dense, relu=relu, faulty=faulty))
    return rows


points = st.none() | st.floats(-5, 15, allow_nan=False)
overrides = st.lists(
    st.builds(lambda p, e, m: override(p, e, minutes=m), points, st.sampled_from(["", *WORTH]), st.integers(0, 9)),
    max_size=3,
)
extensions = st.lists(st.builds(lambda at, m: extension(at, minutes=m), times, st.integers(0, 9)), max_size=2)


@settings(deadline=None)
@given(courses(), attempt_lists(), extensions, overrides, times)
def test_a_mark_is_between_nothing_and_its_maximum_and_its_lines_add_up(of, attempts, given_, changed, now):
    judged = mark(of, *attempts, extensions=given_, overrides=changed, now=now)
    assert 0 <= judged.points <= judged.max_points <= sum(WORTH.values())
    assert added(judged) == judged.points
    assert all(one.share is None or 0 <= one.share <= 1 for one in judged.attempts)
    assert len(judged.attempts) == len(attempts)


@settings(deadline=None)
@given(courses(), attempt_lists(), extensions, overrides, st.randoms(use_true_random=False))
def test_the_order_in_which_attempts_come_in_has_no_effect(of, attempts, given_, changed, shuffle):
    shuffled = list(attempts)
    shuffle.shuffle(shuffled)
    facts = {"extensions": given_, "overrides": changed}
    assert mark(of, *shuffled, **facts) == mark(of, *attempts, **facts)


@settings(deadline=None)
@given(courses(), attempt_lists(), times, times, overrides)
def test_an_extension_never_hurts_and_a_longer_one_less(of, attempts, until, later, changed):
    until, later = sorted([until, later])
    without, some, more = (
        mark(of, *attempts, extensions=given_, overrides=changed).share or 0
        for given_ in ([], [extension(until)], [extension(later)])
    )
    assert without <= some <= more


@settings(deadline=None)
@given(courses(), attempt_lists(least=1), times, times)
def test_to_hand_in_later_never_helps(of, attempts, one, other):
    early, late = sorted([one, other])
    first, *_ = attempts
    marks = [
        mark(of, replace(first, attempt=replace(first.attempt, submitted_at=at.replace(microsecond=0))))
        for at in (early, late)
    ]
    assert marks[0].points >= marks[1].points


@settings(deadline=None)
@given(courses(attempts="best"), attempt_lists(faulty=0), attempt_lists(faulty=0))
def test_where_the_best_counts_one_more_attempt_never_hurts(of, attempts, more):
    more = [replace(one, attempt=replace(one.attempt, id=100 + one.attempt.id)) for one in more]
    assume(not any(one.attempt.problem for one in attempts + more))
    assert mark(of, *attempts, *more).points >= mark(of, *attempts).points


@settings(deadline=None)
@given(courses(), attempt_lists(), extensions, overrides)
def test_marks_by_hand_that_are_taken_back_leave_no_trace(of, attempts, given_, changed):
    back = [override(None, name, minutes=10) for name in ("", *WORTH)]
    with_them = mark(of, *attempts, extensions=given_, overrides=[*changed, *back])
    assert with_them == mark(of, *attempts, extensions=given_)


@settings(deadline=None)
@given(courses(), attempt_lists(least=1), extensions)
def test_one_hint_more_never_helps(of, attempts, given_):
    one, *_ = attempts
    more = replace(one, attempt=replace(one.attempt, hints=(("dense", 41), ("relu", 41))))
    assert mark(of, more, extensions=given_).points <= mark(of, one, extensions=given_).points


# The mark of a course

shares = st.fractions(0, 1, max_denominator=12)
weights = st.sampled_from([0, 1, 1, 2, Fraction(1, 3), 10])


def lesson_mark(name, share, most=12, state=Standing.ON_TIME):
    return Mark(name, state, share * most, Fraction(most), ())


def of_course(pairs, drop=0):
    """Return the mark of a course of lessons with these weights and shares."""
    of = course(weights=[weight for weight, _ in pairs], drop_lowest=drop)
    return course_mark(of, {one.id: lesson_mark(one.id, s) for one, (_, s) in zip(of.lessons, pairs, strict=True)})


def brute_force(pairs, drop):
    """Return the best weighted mean of any choice of lessons that leaves as many out, one at least staying."""
    heavy = [(Fraction(weight), share) for weight, share in pairs if weight]
    if not heavy:
        return None
    size = max(len(heavy) - drop, 1)
    return max(sum(w * s for w, s in kept) / sum(w for w, _ in kept) for kept in combinations(heavy, size))


@settings(max_examples=300, deadline=None)
@given(st.lists(st.tuples(weights, shares), min_size=1, max_size=8), st.integers(0, 9))
def test_those_are_dropped_whose_removal_helps_most(pairs, drop):
    found = of_course(pairs, drop)
    assert found.share == brute_force(pairs, drop)
    heavy = sum(bool(weight) for weight, _ in pairs)
    assert sum(part.dropped for part in found.parts) == min(drop, max(heavy - 1, 0))
    if found.share is not None:
        assert added(found) == 100 * found.share
        assert 0 <= found.share <= 1


def test_the_lowest_share_is_not_always_the_one_to_drop():
    """A light lesson at 0 moves the mean less than a heavy one at a half."""
    found = of_course([(10, Fraction(1, 2)), (1, Fraction(0)), (10, Fraction(1))], drop=1)
    assert [part.dropped for part in found.parts] == [True, False, False]
    assert found.share == Fraction(10, 11)


def test_what_is_no_mark_yet_does_not_count_in_the_course():
    of = course(weights=(1, 3, 1))
    states = [Standing.ON_TIME, Standing.NOT_DUE, Standing.MISSING]
    of_lessons = {
        one.id: lesson_mark(one.id, share, state=state)
        for one, share, state in zip(of.lessons, [Fraction(1, 2), Fraction(0), Fraction(0)], states, strict=True)
    }
    found = course_mark(of, of_lessons)
    assert found.share == Fraction(1, 4)
    assert [line.text for line in found.lines] == [
        f"{LESSON}: 6.00 of 12.00, weight 1 of 2",
        "lesson02_more: not due yet",
        "lesson03_more: 0.00 of 12.00, weight 1 of 2",
    ]
    assert course_mark(of, {}).share is None
    assert course_mark(of, {}).total.amount is None
    assert of_course([(0, Fraction(1))]).lines[0].text.endswith("weight 0")
