"""[policy] and the schedule of a lesson, as course.toml says them; DST gaps and folds among the dates."""

import textwrap
import tomllib
import zoneinfo
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from pathlib import Path

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nnedu.course import load_course
from nnedu.course.policy import Policy, Schedule, checked_policy, moment_at, schedule_of, zone_named
from nnedu.errors import CourseFault

BERLIN = "Europe/Berlin"
ROOT = Path(__file__).parents[2]
EVERYTHING = """
timezone = "Europe/Berlin"
attempts = "best"
late_percent = 2.5
late_per = "hour"
late_most = 50
grace_minutes = 15
drop_lowest = 1
hint_percent = 5
hint_most = 20
"""


def at(text):
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def written(course, policy="", first="", second=""):
    """Return the copy of the tiny course with a policy, and keys in its two lessons."""
    path = course / "course.toml"
    text = path.read_text("utf-8").replace("\n[[lesson]]", f"\n[policy]\n{policy}\n\n[[lesson]]", 1)
    head, one, two = text.split("[[lesson]]")
    path.write_text(f"{head}[[lesson]]{one.rstrip()}\n{first}\n\n[[lesson]]{two.rstrip()}\n{second}\n", "utf-8")
    return course


def test_without_a_policy_nothing_is_taken_and_nothing_is_due(tiny):
    assert tiny.policy == Policy()
    assert (tiny.policy.attempts, tiny.policy.late_percent, tiny.policy.hint_percent) == ("last", 0, 0)
    assert [lesson.schedule for lesson in tiny.lessons] == [Schedule(), Schedule()]
    assert tiny.policy.zone is UTC


def test_everything_that_can_be_said(tiny_copy):
    course = load_course(
        written(tiny_copy, EVERYTHING, "due = 2026-03-01\ncut_off = 2026-03-08T12:00:00\nweight = 0.1", "weight = 2")
    )
    assert course.policy == Policy(BERLIN, "best", 2.5, "hour", 50, 15, 1, 5, 20)
    first, second = course.lessons
    assert first.schedule == Schedule(at("2026-03-01 22:59:59"), at("2026-03-08 11:00"), Fraction(1, 10))
    assert second.schedule == Schedule(weight=Fraction(2))


@pytest.mark.parametrize(
    ("said", "moment"),
    [
        ("2026-03-01", "2026-03-01 22:59:59"),  # a date alone is the end of that day
        ("2026-07-01", "2026-07-01 21:59:59"),
        ("2026-03-01T18:00:00", "2026-03-01 17:00"),
        ("2026-03-01 18:00:00", "2026-03-01 17:00"),
        ("2026-03-01T18:00:00Z", "2026-03-01 18:00"),
        ("2026-03-01T18:00:00-05:00", "2026-03-01 23:00"),
        ("2026-03-29T01:59:59", "2026-03-29 00:59:59"),
        ("2026-03-29T02:00:00", "2026-03-29 01:00"),  # the clocks skip from 2 to 3: the moment at which they do
        ("2026-03-29T02:30:00", "2026-03-29 01:00"),
        ("2026-03-29T03:00:00", "2026-03-29 01:00"),
        ("2026-03-29T03:30:00", "2026-03-29 01:30"),
        ("2026-10-25T01:59:59", "2026-10-24 23:59:59"),
        ("2026-10-25T02:30:00", "2026-10-25 01:30"),  # they show it twice: the later one
        ("2026-10-25T03:00:00", "2026-10-25 02:00"),
        ("2026-10-25", "2026-10-25 22:59:59"),  # a day of 25 hours
    ],
)
def test_dates_are_on_the_clocks_of_the_course(tiny_copy, said, moment):
    course = load_course(written(tiny_copy, f'timezone = "{BERLIN}"', f"due = {said}"))
    assert course.lessons[0].schedule.due == at(moment)


@pytest.mark.parametrize(
    ("zone", "said", "moment"),
    [
        ("Australia/Lord_Howe", "2026-10-04T02:15:00", "2026-10-03T15:30:00"),  # they skip half an hour
        ("Australia/Lord_Howe", "2026-04-05T01:45:00", "2026-04-04T15:15:00"),
        ("Pacific/Apia", "2011-12-30T12:00:00", "2011-12-30T10:00:00"),  # a whole day
        ("America/Havana", "2026-11-01T00:30:00", "2026-11-01T05:30:00"),  # midnight comes twice
    ],
)
def test_clocks_elsewhere(zone, said, moment):
    assert moment_at(datetime.fromisoformat(said), zone_named(zone)) == at(moment)


@settings(deadline=None)
@given(
    st.sampled_from([BERLIN, "America/New_York", "Australia/Lord_Howe", "Pacific/Apia", "UTC"]),
    st.datetimes(datetime(2008, 1, 1), datetime(2030, 1, 1)),  # noqa: DTZ001 - a time on the clock
    st.integers(0, 2 * 24 * 3600),
)
def test_a_later_time_on_the_clock_is_never_an_earlier_moment(zone, wall, later):
    wall, zone = wall.replace(microsecond=0), zone_named(zone)
    assert moment_at(wall, zone) <= moment_at(wall + timedelta(seconds=later), zone)


REFUSED = {
    "unknown key": ("late = 10", "", ":13: unknown key 'late'.\nDid you mean"),
    "unknown key of a lesson": ("", "dew = 2026-03-01", ":19: unknown key 'dew'.\nDid you mean due"),
    "no such choice": ('attempts = "first"', "", ":13: attempts: invalid enum value 'first'.\nKnown: best, last."),
    "wrong type": ("drop_lowest = 1.5", "", ":13: drop_lowest: expected `int`, got `float`."),
    "no percentage": ("late_percent = 101", "", ":13: late_percent must be a percentage, 0 to 100."),
    "not a number": ("hint_percent = nan", "", ":13: hint_percent must be a percentage, 0 to 100."),
    "negative": ("late_most = -1", "", ":13: late_most must be a percentage, 0 to 100."),
    "negative grace": ("grace_minutes = -5", "", ":13: grace_minutes must be 0 or more"),
    "drops less than none": ("drop_lowest = -1", "", ":13: drop_lowest must be 0 or more."),
    "misspelt zone": (
        'timezone = "Europe/Berln"',
        "",
        ":13: there is no time zone 'Europe/Berln'.\nDid you mean Europe/Berlin",
    ),
    "no zone at all": ('timezone = "../../etc"', "", ":13: there is no time zone '../../etc'.\nIt is a name like"),
    "a folder of zones": ('timezone = "Europe"', "", ":13: there is no time zone 'Europe'."),
    "quoted date": ("", 'due = "2026-03-01"', ":19: due must be a date, or a date and a time.\nLike 2026-03-01"),
    "a time alone": ("", "due = 12:00:00", ":19: due must be a date, or a date and a time."),
    "another century": ("", "due = 0026-03-01", ":19: due is in the year 26."),
    "the end of time": ("", "due = 9999-12-31", ":19: due is in the year 9999."),
    "cut off before due": ("", "due = 2026-03-02\ncut_off = 2026-03-01", ":20: cut_off is before due."),
    "negative weight": ("", "weight = -1", ":19: weight must be 0 or more"),
    "endless weight": ("", "weight = inf", ":19: weight must be 0 or more"),
}


@pytest.mark.parametrize(("policy", "first", "message"), REFUSED.values(), ids=REFUSED)
def test_what_cannot_be_is_said_with_its_line(tiny_copy, policy, first, message):
    written(tiny_copy, policy, first)
    with pytest.raises(CourseFault) as fault:
        load_course(tiny_copy)
    assert str(fault.value).startswith(f"{tiny_copy}/course.toml{message}")


def test_the_line_is_that_of_the_lesson_that_is_wrong(tiny_copy):
    """Also where only that one has the key, or an earlier one has it too."""
    written(tiny_copy, "", "weight = 1", "weight = -1")
    with pytest.raises(CourseFault, match=r"course\.toml:25: weight must be"):
        load_course(tiny_copy)


def test_a_machine_without_time_zones_says_what_to_install(tiny_copy, monkeypatch):
    written(tiny_copy, f'timezone = "{BERLIN}"')
    monkeypatch.setattr(zoneinfo, "ZoneInfo", _unknown)
    monkeypatch.setattr(zoneinfo, "available_timezones", set)
    with pytest.raises(CourseFault, match=r"pip install 'nnedu\[classroom\]'"):
        load_course(tiny_copy)


def _unknown(name):
    raise zoneinfo.ZoneInfoNotFoundError(name)


def test_the_policies_that_are_shown_are_possible():
    """The one to be uncommented in course.toml, and the one in the documentation."""
    toml = (ROOT / "course.toml").read_text("utf-8")
    block = toml[toml.index("# [policy]") : toml.index("\n\n[[lesson]]")].replace("\n# ", "\n").removeprefix("# ")
    page = (ROOT / "docs" / "classroom.md").read_text("utf-8")
    shown = textwrap.dedent(page[page.index("    [policy]") : page.index("\n## Rooms")])
    for text in (block, shown):
        table = tomllib.loads(text)
        assert set(table["policy"]) == set(Policy.__struct_fields__)
        checked_policy(msgspec.convert(table["policy"], Policy))
    (lesson,) = tomllib.loads(shown)["lesson"]
    assert schedule_of(lesson, UTC).weight == 2
