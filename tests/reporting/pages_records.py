"""A class and a course made by hand: what a page is given, ordinary and hostile."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from nnedu.outcome import CheckOutcome, Curve, Diagnosis, ExerciseOutcome, Grid, LessonOutcome, State
from nnedu.reporting.pages.records import (
    Alike,
    Arrival,
    Cell,
    Column,
    CourseReport,
    Fault,
    LessonLine,
    LessonReport,
    Line,
    Misunderstood,
    Note,
    Pair,
    Passage,
    Person,
    Provenance,
    Ran,
    Reliability,
    SoFar,
    StudentReport,
)

WHEN = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
EXERCISES = (
    ("linear_backward", 12),
    ("sigmoid_bce_backward", 3),
    ("softmax_ce_backward", 4),
    ("relu_backward", 5),
    ("numerical_gradient", 8),
    ("backprop", 20),
    ("train", 12),
    ("quiz_backprop", 8),
)
NAMES = (
    "Ada Lovelace", "Ben Okri", "Chloë Sevigny", "Dev Patel", "Emre Can", "Fay Weldon", "Goran Višnjić", "Hana Kim",
    "Ivo Andrić", "June Jordan", "Kofi Annan", "Lena Dunham", "נועה כהן", "Olu Dara", "Pia Tafdrup", "Quang Bao",
)  # fmt: skip
MESSAGE = """Shapes and dtypes are right. Compared with the numerical derivative of the loss:

               shape       yours / numerical   left over
    dW2        (16,4)              32.000000   7e-11     = 32
    db2        (4,)                32.000000   3e-11     = 32

For one entry:  dW1[1, 3]   yours -4.260716   numerical -0.133147
Every entry is off by the same factor, 32: the batch holds m = 32 examples."""
PROVENANCE = Provenance(
    "Neural Networks from Scratch",
    "0.1.0",
    "3f9c2a1b",
    "nnedu 0.1.0",
    ("seccomp, Landlock, rlimits, bubblewrap",),
    (Ran(1, WHEN - timedelta(hours=3), None, "kim"), Ran(2, WHEN - timedelta(hours=2), WHEN, "kim")),
    WHEN,
)


def cell_of(student: int, exercise: int, most: int) -> Cell:
    """Return what a student reached: who stands later in the list, and what comes later in the lesson, has less."""
    luck = (student * 7 + exercise * 5) % 11
    if luck > student // 2 + 1:
        return Cell(State.PASSED, most, most)
    if luck % 5 == 0:
        return Cell(State.NOT_STARTED, 0, most)
    if luck % 5 == 1:
        return Cell(State.RAISED, 0, most)
    if luck % 5 == 2:
        return Cell(State.FAILED, most // 3, most)
    return Cell(State.FAILED, (2 * most) // 3, most) if luck % 5 == 3 else Cell(State.WAITING, 0, most)


def people() -> tuple[Person, ...]:
    """Return a class in which one handed nothing in, one late, one too late, and one what cannot be read."""
    total = float(sum(most for _, most in EXERCISES))
    found = []
    for index, shown in enumerate(NAMES):
        cells = tuple(cell_of(index, j, most) for j, (_, most) in enumerate(EXERCISES))
        points = float(sum(cell.points for cell in cells))
        login = shown.split()[0].lower()
        found.append(
            Person(
                login,
                shown,
                "AB"[index % 2],
                Arrival.ON_TIME,
                points,
                total,
                1 + index % 3,
                "",
                40.0 - 3 * index,
                cells,
            )
        )
    found[3] = replace(found[3], arrival=Arrival.LATE, late="5 h", points=found[3].points * 0.9, hours_left=-5.0)
    found[8] = replace(found[8], arrival=Arrival.TOO_LATE, late="4 days", points=0.0, hours_left=-96.0)
    found[11] = replace(
        found[11], arrival=Arrival.UNREADABLE, points=0.0, cells=(), marked=True, note="the zip is damaged"
    )
    found[14] = replace(
        found[14], arrival=Arrival.MISSING, points=0.0, cells=(), attempts=0, hours_left=None, marked=True
    )
    return tuple(found)


def columns(class_: tuple[Person, ...]) -> tuple[Column, ...]:
    """Return the exercises over a class."""
    there = [one for one in class_ if one.cells]
    found = []
    for j, (name, most) in enumerate(EXERCISES):
        cells = [one.cells[j] for one in there]
        right = sum(cell.state is State.PASSED for cell in cells)
        begun = sum(cell.state is not State.NOT_STARTED for cell in cells)
        share = sum(cell.points for cell in cells) / (most * len(cells))
        discrimination = (0.42, 0.38, -0.12, 0.55, None, 0.61, 0.05, 0.33)[j]
        found.append(
            Column(name, f"the gradient of {name}", most, len(cells), right, begun, share, share, discrimination)
        )
    return tuple(found)


def alike() -> Alike:
    """Return two students whose texts share a passage."""
    source = [
        "def backprop(X, Y, params):",
        '    """Return the gradients."""',
        "    m = len(X)",
        "    dZ = (A - Y) / m",
    ]
    left = tuple(Line(i, text, i > 2) for i, text in enumerate(source, 1))
    right = tuple(Line(i, text.replace("params", "p"), i > 2) for i, text in enumerate(source, 1))
    passage = Passage("backprop", left, right)
    return Alike(("Ben Okri", "Hana Kim"), 0.86, (Pair("Ben Okri", "Hana Kim", 0.86, (passage,)),))


def lesson_report() -> LessonReport:
    """Return the report of a class in which everything has happened."""
    class_ = people()
    return LessonReport(
        "lesson5",
        "Backpropagation",
        "2026-03-01 23:59 CET",
        float(sum(most for _, most in EXERCISES)),
        class_,
        columns(class_),
        (
            Misunderstood(
                "backprop",
                "the gradients are summed over the batch instead of averaged, so that they grow with it",
                True,
                NAMES[3:10],
                "agrees with the numerical derivative of the loss",
                MESSAGE,
            ),
            Misunderstood("relu_backward", "dZ is not multiplied by relu'(Z)", True, NAMES[8:12]),
            Misunderstood(
                "train",
                "moves every parameter by -lr times the gradient",
                False,
                NAMES[12:14],
                "moves",
                "W1[0, 1] is 3",
            ),
        ),
        Reliability(0.78, 0.61, 0.87, 14),
        (
            Fault(
                "numerical_gradient",
                "gives the slope of a cubic",
                "numerical_gradient/cubic (test_numeric.py:41): KeyError: 'W3'",
                NAMES[5:7],
            ),
        ),
        (alike(),),
        PROVENANCE,
    )


def course_report() -> CourseReport:
    """Return a course of six lessons, of which the last is not due yet."""
    lessons = tuple(
        LessonLine(
            f"lesson{n}",
            f"The title of lesson {n}",
            f"2026-0{n}-01",
            16,
            16 - n,
            n % 3,
            n,
            0.9 - 0.05 * n,
            0.95 - 0.06 * n,
        )
        for n in range(1, 6)
    )
    standings = []
    for index, shown in enumerate(NAMES):
        shares = tuple(
            None if (index + n) % 13 == 0 else max(0.0, 0.98 - 0.02 * index - 0.015 * n * (index % 5)) for n in range(5)
        )
        there = [share for share in shares if share is not None]
        why = ("mean of the last three lessons is 41 %, under 50 %",) if index in {9, 14} else ()
        standings.append(
            SoFar(shown.split()[0].lower(), shown, "AB"[index % 2], sum(there) / 5, shares, 5 - len(there), why)
        )
    return CourseReport(
        "Neural Networks from Scratch",
        lessons,
        tuple(standings),
        "A student is named here who handed in nothing in two of the last three lessons that are due, or whose mean "
        "over them is under 50 %.",
        "The total is the mean of the lessons that are due, by their weights.",
        PROVENANCE,
    )


def student_outcome() -> LessonOutcome:
    """Return an outcome with a grid, a curve, a hidden check, a fault and a quiz."""
    right = CheckOutcome("form", "returns a dict", State.PASSED, 2, 2)
    grid = Grid("dW1", (4, 6), ("......", "..xx..", "..xx..", "......"))
    wrong = CheckOutcome(
        "agrees", "agrees with the numerical derivative", State.FAILED, 0, 3, MESSAGE, "wrong", picture=grid
    )
    unseen = CheckOutcome("one", "holds for a batch of one", State.FAILED, 0, 2, "SECRET 4.25", "SECRET", hidden=True)
    curve = Curve(
        "loss",
        tuple(range(30)),
        tuple(0.69 + 0.01 * i if i < 22 else None for i in range(30)),
        tuple(0.69 * 0.9**i for i in range(30)),
    )
    rising = CheckOutcome(
        "fall", "the loss falls", State.FAILED, 0, 2, "losses[1] is not below losses[0]", "rises", picture=curve
    )
    fault = CheckOutcome("cubic", "gives the slope of a cubic", State.FAULT, 0, 0, "SECRET KeyError: 'W3'", "a mistake")
    named = Diagnosis("summed", "the gradients are summed over the batch instead of averaged")
    return LessonOutcome(
        "lesson05_backpropagation",
        (
            ExerciseOutcome(
                "relu_backward", "gradients", "the gradient of ReLU", State.PASSED, 2, 2, "1 check", checks=(right,)
            ),
            ExerciseOutcome(
                "backprop",
                "backprop",
                "the gradient of the mean loss",
                State.FAILED,
                2,
                7,
                "wrong",
                named,
                (right, unseen, wrong),
            ),
            ExerciseOutcome("train", "backprop", "training", State.FAILED, 0, 2, "rises", None, (rising,)),
            ExerciseOutcome(
                "numerical_gradient", "numeric", "slopes", State.FAULT, 0, 0, "a mistake in the course", None, (fault,)
            ),
            ExerciseOutcome("momentum", "backprop", "momentum", State.NOT_STARTED, 0, 4, "not started"),
        ),
    )


def student_report() -> StudentReport:
    """Return what a student is given."""
    return StudentReport(
        "ben",
        "Ben Okri",
        "Backpropagation",
        student_outcome(),
        "3.60",
        (
            "        4.00  from the checks",
            "       -0.40  late by 5 h: 10 % for the day begun",
            "        3.60  mark of 15",
        ),
        notes=(Note("backprop", "Nearly. Look at the mean again.\nSee me on Tuesday.", "kim", WHEN),),
    )


HOSTILE = (
    "</script><script>document.title='owned'</script>",
    "\x1b[31mred\x1b]0;owned\x07",
    "\u202eevil\u202c right to left",
    "x" * 10_000,
    "<img src=x onerror=document.title='owned'>",
    "'\"><svg onload=document.title='owned'>",
    "{{ 7 * 7 }}{% raw %}&lt;b&gt;",
    "]]><!--<style>*{display:none}</style>",
    "a\x00b\u2028c\u2029d\ufeffe",
)


def hostile_lesson() -> LessonReport:
    """Return the same report with hostile texts wherever a student or an author could have written one."""
    report = lesson_report()
    some = HOSTILE * 2
    line = tuple(Line(i, text, i % 2 == 0) for i, text in enumerate(HOSTILE, 1))
    pair = Pair(HOSTILE[0], HOSTILE[1], 0.9, (Passage(HOSTILE[4], line, line),))
    return replace(
        report,
        title=HOSTILE[0],
        lesson=HOSTILE[4],
        due=HOSTILE[5],
        people=tuple(
            replace(one, login=some[i], shown=some[i], section=some[i], note=some[i], late=some[i])
            for i, one in enumerate(report.people)
        ),
        columns=tuple(replace(one, id=some[i], title=some[i]) for i, one in enumerate(report.columns)),
        misunderstood=tuple(Misunderstood(text, text, False, HOSTILE, text, text) for text in HOSTILE),
        faults=tuple(Fault(text, text, text, HOSTILE) for text in HOSTILE),
        alike=(Alike(HOSTILE, 0.9, (pair,)),),
        alike_note=HOSTILE[0],
        provenance=replace(
            report.provenance,
            course=HOSTILE[0],
            lesson_version=HOSTILE[1],
            engine=HOSTILE[5],
            sandbox=HOSTILE,
            runs=(Ran(1, WHEN, None, HOSTILE[0]),),
        ),
    )


def hostile_course() -> CourseReport:
    """Return a course of hostile texts."""
    report = course_report()
    some = HOSTILE * 2
    return replace(
        report,
        title=HOSTILE[0],
        rule=HOSTILE[4],
        weighting=HOSTILE[5],
        lessons=tuple(replace(one, lesson=some[i], title=some[i], due=some[i]) for i, one in enumerate(report.lessons)),
        people=tuple(
            replace(one, login=some[i], shown=some[i], section=some[i], behind=(some[i],))
            for i, one in enumerate(report.people)
        ),
    )


def hostile_student() -> StudentReport:
    """Return what a student with a hostile name, hostile code and a hostile teacher is given."""
    report = student_report()
    grid = Grid(HOSTILE[0], (1, 2), ("x.",))
    curve = Curve(HOSTILE[4], (0, 1), (1.0, None), (1.0, 0.5))
    checks = [
        CheckOutcome(f"c{i}", text, State.FAILED, 0, 1, text, text, picture=(grid, curve, None)[i % 3])
        for i, text in enumerate(HOSTILE)
    ]
    exercises = tuple(
        ExerciseOutcome(
            check.message,
            "m",
            check.message,
            State.FAILED,
            0,
            1,
            check.message,
            Diagnosis("d", check.message),
            (check,),
        )
        for check in checks
    )
    return replace(
        report,
        login=HOSTILE[0],
        shown=HOSTILE[0],
        title=HOSTILE[4],
        mark=HOSTILE[5],
        explanation=HOSTILE,
        problem=HOSTILE[0],
        notes=tuple(Note(text, text, text, WHEN) for text in HOSTILE),
        outcome=LessonOutcome("lesson", exercises),
    )
