"""Reports as text, tables, JSON and HTML: what they say, and what never gets into them."""

import csv
import io
import json
import re
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from pages_records import (
    EXERCISES,
    HOSTILE,
    NAMES,
    course_report,
    hostile_course,
    hostile_lesson,
    hostile_student,
    lesson_report,
    people,
    student_report,
)
from test_reporting_terminal import agrees_with_golden

from nnedu.outcome import Curve, Grid, State
from nnedu.reporting.pages import charts, facts
from nnedu.reporting.pages.grid import map_rows
from nnedu.reporting.pages.records import Arrival, Cell, Misunderstood, Reliability
from nnedu.reporting.pages.render import course_html, lesson_html, student_html
from nnedu.reporting.pages.sheets import course_csv, lesson_csv, report_json
from nnedu.reporting.pages.text import course_text, lesson_text, student_text
from nnedu.reporting.pages.words import clip, fixed, message, moment, names, number, percent

HOSTILE_REPORTS = {
    "lesson": (hostile_lesson, lesson_text, lesson_html),
    "course": (hostile_course, course_text, course_html),
    "student": (hostile_student, student_text, student_html),
}


def empty():
    return replace(
        lesson_report(),
        people=(),
        columns=(),
        misunderstood=(),
        faults=(),
        alike=(),
        due="",
        reliability=Reliability(None, None, None, 0),
        provenance=replace(lesson_report().provenance, runs=(), sandbox=(), lesson_version=""),
    )


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("pages_lesson", lambda: lesson_text(lesson_report())),
        ("pages_lesson_empty", lambda: lesson_text(empty())),
        ("pages_course", lambda: course_text(course_report())),
        ("pages_student", lambda: student_text(student_report())),
    ],
)
def test_the_text_of_a_report(name, text):
    agrees_with_golden(name, text())


@pytest.mark.parametrize("what", HOSTILE_REPORTS)
def test_no_text_and_no_page_holds_what_a_terminal_or_a_browser_obeys(what):
    made, text, html = HOSTILE_REPORTS[what]
    for shown in (text(made()), html(made())):
        assert sorted({hex(ord(c)) for c in shown if not c.isprintable() and c != "\n"}) == []
    assert "x" * 4100 not in html(made())
    assert "<script>document" not in html(made())
    assert "<img" not in html(made())


def test_a_page_loads_nothing():
    """What is linked is in the page itself."""
    for page in (lesson_html(lesson_report()), course_html(course_report()), student_html(student_report())):
        assert set(re.findall(r"(?:src|href|action|data)=\W?(.)|(@import|url\()", page)) <= {("#", "")}
        assert "http:" not in page
        assert "https:" not in page
        assert "default-src &#39;none&#39;" in page
        assert "unsafe" not in page


def test_the_page_of_a_student_runs_nothing():
    page = student_html(student_report())
    assert "<script" not in page
    assert "script-src &#39;none&#39;" in page


def test_the_page_of_a_student_keeps_what_hidden_checks_and_faults_said():
    """That a hidden check failed is said; what it was given is not, and neither what a fault quotes."""
    for shown in (student_html(student_report()), student_text(student_report())):
        assert "SECRET" not in shown
        assert "holds for a batch of one" in shown
        assert "checked on other inputs" in shown
        assert "See me on Tuesday." in shown


def test_the_page_of_a_student_draws_what_was_found():
    page = student_html(student_report())
    assert page.count('class="wrong"') == 4
    assert "dW1 of shape (4, 6): 4 of 24 entries differ, in row 1, 2 and column 2, 3." in page
    assert "Your loss goes from 0.69 to 0.9; it is not finite, or ends, before the last epoch;" in page


def test_a_page_says_what_it_does_not_prove_and_how_few_there_are():
    page = lesson_html(lesson_report())
    assert "It does not prove that anybody copied" in page
    assert "Only 14 students handed in everything." in page
    many = replace(lesson_report(), reliability=Reliability(0.9, 0.88, 0.91, 100))
    assert "students handed in everything. Under 100" not in lesson_html(many)


def test_the_less_frequent_mistakes_are_in_the_page_too():
    many = tuple(Misunderstood(f"e{n}", f"slip {n}", True, NAMES[: 16 - n // 3]) for n in range(40))
    page = lesson_html(replace(lesson_report(), misunderstood=many))
    assert all(f"slip {n}<" in page for n in range(40))
    assert "15 more, met by 8 or fewer" in page


def test_every_cell_of_the_map_says_why_in_a_letter_or_a_number():
    """By colour alone nothing is said."""
    states = [*State, State.FAILED, State.FAILED]
    points = [5, 0, 0, 0, 0, 0, 0, 2, 3]
    cells = tuple(Cell(state, earned, 5) for state, earned in zip(states, points, strict=True))
    report = replace(lesson_report(), people=(replace(people()[0], cells=(*cells, None)),))
    row = str(map_rows(report))
    assert re.findall(r"<td class=(\w+)>(.*?)(?=<td|\n)", row.partition("on time")[2]) == [
        ("p3", "5"), ("z", "0"), ("n", "n"), ("r", "r"), ("s", "s"), ("w", "w"), ("f", "f"), ("p1", "2"), ("p2", "3"),
        ("m", ""),
    ]  # fmt: skip


def test_a_row_of_the_map_has_a_cell_for_each_exercise_also_of_who_is_missing():
    rows = str(map_rows(lesson_report())).splitlines()
    assert [row.count("<td") for row in rows] == [2 + len(EXERCISES)] * len(NAMES)


def test_facts_are_of_those_who_have_a_mark():
    class_ = (
        *(replace(one, cells=people()[0].cells, points=float(n), max_points=4.0) for n, one in enumerate(people()[:5])),
        replace(people()[5], cells=(), arrival=Arrival.MISSING, points=0.0),
        replace(people()[6], cells=(), arrival=Arrival.NOT_DUE, points=0.0, marked=False),
    )
    found = facts.facts_of(replace(lesson_report(), people=class_, max_points=4.0))
    assert (found.handed_in, found.graded, found.late, found.missing) == (5, 5, 1, 1)
    assert (found.median, found.mean) == (0.5, 0.5)
    assert "from 0 % to 100 %, half of them between 25 % and 75 %" in found.spread
    assert f"deviation is {number(2**0.5)} points" in found.spread


def test_arrivals_are_counted_by_their_hours():
    hours = [100.0, 72.0, 71.9, 24.0, 23.0, 3.0, 2.0, 0.0, -1.0, -24.0, -25.0]
    class_ = tuple(replace(people()[0], hours_left=left) for left in hours)
    found = facts.arrivals(replace(lesson_report(), people=class_))
    assert [count for _, count, _ in found] == [2, 2, 2, 2, 2, 1]
    assert facts.arrivals(empty()) == []


@pytest.mark.parametrize(
    ("difficulty", "discrimination", "said"),
    [
        (0.5, -0.01, "read its checks"),
        (0.96, 0.4, "nearly everybody"),
        (0.1, 0.4, "hardly anybody"),
        (0.5, 0.1, "little"),
        (0.5, 0.4, ""),
        (None, None, ""),
    ],
)
def test_what_is_odd_about_an_exercise_is_said(difficulty, discrimination, said):
    column = replace(lesson_report().columns[0], difficulty=difficulty, discrimination=discrimination)
    assert said in facts.remark(column)
    assert bool(said) == bool(facts.remark(column))


def test_marks_fall_into_tenths():
    assert charts.bins([0.0, 0.0999, 0.1, 0.3, 0.7, 0.95, 1.0, 1.2]) == [2, 1, 0, 1, 0, 0, 0, 1, 0, 3]
    drawn = charts.histogram(charts.bins([0.05, 0.95, 1.0]))
    assert 'aria-label="Students by mark: 1 at 0 to 10 %, 2 at 90 to 100 %."' in drawn
    assert drawn.count('class="bar"') == 2


def test_a_trend_has_gaps_where_there_is_no_mark():
    drawn = charts.sparkline([0.5, 0.6, None, 0.7, None, 0.8, 0.9])
    assert drawn.count("<polyline") == 2
    assert drawn.count("<circle") == 2
    assert "50 %, 60 %, –, 70 %, –, 80 %, 90 %" in drawn
    assert "<polyline" not in charts.sparkline([None, None])


def test_a_grid_that_stands_for_more_says_so():
    assert (
        charts.grid_words(Grid("W", (50, 2), ("x.", "..")))
        == "W of shape (50, 2): 1 of 4 blocks hold an entry that differs."
    )
    assert charts.grid_words(Grid("b", (1, 2), ("xx",))) == "b of shape (1, 2): all 2 entries differ."


def test_a_curve_without_a_finite_number_is_drawn_too():
    curve = Curve("loss", (0, 1), (None, None), (None, None))
    assert charts.curve_words(curve) == "Your loss is nowhere finite; that of the reference is nowhere finite."
    assert "<polyline" not in charts.loss_curve(curve)


def test_tables_are_safe_to_open():
    rows = list(csv.reader(io.StringIO(lesson_csv(lesson_report()))))
    assert rows[0][:8] == ["student", "name", "section", "came_in", "late", "attempts", "mark", "max_mark"]
    assert {len(row) for row in rows} == {9 + len(EXERCISES)}
    assert rows[4][:8] == ["dev", "Dev Patel", "B", "late", "5 h", "1", "45.00", "72.00"]
    formulas = ("=1+1", "+1", "-1", "@x", "\t=1", "=cmd|' !A0")
    class_ = tuple(replace(people()[0], login=text, shown=text, section=text, note=text) for text in formulas)
    standings = tuple(replace(course_report().people[0], login=text, shown=text, behind=(text,)) for text in formulas)
    unsafe = replace(
        lesson_report(), people=class_, columns=tuple(replace(one, id="=A1") for one in lesson_report().columns)
    )
    for text in (lesson_csv(unsafe), course_csv(replace(course_report(), people=standings))):
        cells = [cell for row in csv.reader(io.StringIO(text)) for cell in row]
        assert [cell for cell in cells if cell.startswith(("=", "+", "@", "\t", "-"))] == []


def test_json_is_the_records_and_obeyed_by_nobody():
    found = json.loads(report_json(lesson_report()))
    assert (found["lesson"], len(found["people"]), found["columns"][5]["id"]) == ("lesson5", 16, "backprop")
    hostile = report_json(hostile_lesson())
    assert sorted({c for c in hostile if not c.isprintable() and c != "\n"}) == []
    assert json.loads(hostile)["people"][2]["shown"] == HOSTILE[2]
    assert json.loads(report_json(course_report()))["people"][0]["shares"][0] is None


def test_words():
    assert [number(value) for value in (3.0, 2.5, -0.25, 100.0, None)] == ["3", "2.5", "−0.2", "100", "–"]
    assert [fixed(value) for value in (1.0, -0.125, None)] == ["1.00", "−0.12", "–"]
    assert [percent(share) for share in (0.555, 1.0, None)] == ["56 %", "100 %", "–"]
    assert moment(datetime(2026, 3, 2, 9, 5, tzinfo=UTC)) == "2026-03-02 09:05 UTC"
    assert clip("ab\x1bc", 10) == "ab?c"
    assert clip("abcdef", 4) == "abc…"
    assert names(["ada", "ben", "chloe"], 9) == "ada, ben and 1 more"
    assert names(["a very long name indeed"], 5) == "a very long name indeed"
    assert message("\n".join("abc")) == "a\nb\nc"
    assert len(message("\n" * 500 + "x").splitlines()) == 61
