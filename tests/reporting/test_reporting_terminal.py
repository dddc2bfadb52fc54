"""The screens of a student, held by golden files. To write them anew: UPDATE_GOLDEN=1 pytest tests/reporting."""

import os
import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
from reporting_outcomes import LESSON, SCREENS, TITLE, exercise, lesson, one_wrong

from nnedu.outcome import State
from nnedu.reporting.progress import Checked, progress_json, progress_text
from nnedu.reporting.terminal import Style, closing, exercise_line, lesson_text, short_lesson

GOLDEN = Path(__file__).parent / "golden"
PLAIN, COLOUR, ASCII = Style(), Style(colour=True), Style(unicode=False)

ROWS = [
    (LESSON, TITLE, "linear_backward", "passed", 6, 6, "6 checks"),
    (LESSON, TITLE, "backprop", "failed", 3, 9, "the gradients are 32 times too large"),
    (LESSON, TITLE, "train", "waiting", 0, 5, "waits for backprop"),
    ("extras", "More of it", "dropout", "not_started", 0, 4, ""),
]


def agrees_with_golden(name, text):
    path = GOLDEN / f"{name}.txt"
    if os.environ.get("UPDATE_GOLDEN"):
        GOLDEN.mkdir(exist_ok=True)
        path.write_text(text + "\n", "utf-8")
    assert path.is_file(), f"there is no {path.name}; UPDATE_GOLDEN=1 writes it"
    assert text + "\n" == path.read_text("utf-8"), f"{path.name} differs; UPDATE_GOLDEN=1 writes it anew"


@pytest.mark.parametrize("name", SCREENS)
def test_the_screen_of_a_check(name):
    """Each case is shown as its golden file says."""
    agrees_with_golden(name, lesson_text(SCREENS[name], TITLE, LESSON, PLAIN))


@pytest.mark.parametrize("name", ["factor_m", "every_state", "unusual_letters"])
def test_a_screen_in_ascii(name):
    """Where the terminal has no Unicode, signs and text are ASCII."""
    text = lesson_text(SCREENS[name], TITLE, LESSON, ASCII)
    assert text.isascii()
    agrees_with_golden(f"{name}_ascii", text)


@pytest.mark.parametrize("name", SCREENS)
def test_every_screen_keeps_to_the_rules(name):
    """No line is left with spaces at its end, none is endless, the tone is calm, and the last is what to type next."""
    text = lesson_text(SCREENS[name], TITLE, LESSON, PLAIN)
    lines = text.splitlines()
    assert lines[0] == f"Lesson 5  {TITLE}"
    assert all(line == line.rstrip() for line in lines)
    assert all(len(line) <= 130 for line in lines)
    assert "\n\n\n" not in text
    assert "oops" not in text.lower()
    assert "simply" not in text.lower()
    assert lines[-1].startswith("Next:  ")
    assert "nnedu " in lines[-1]


@pytest.mark.parametrize("name", SCREENS)
def test_colour_is_all_that_colour_adds(name):
    """With the escape sequences taken out, the screen is the plain one."""
    coloured = lesson_text(SCREENS[name], TITLE, LESSON, COLOUR)
    assert "\x1b[" in coloured
    assert re.sub(r"\x1b\[\d+m", "", coloured) == lesson_text(SCREENS[name], TITLE, LESSON, PLAIN)


def test_untouched_work_is_never_red():
    """Not started and waiting are dim; red is for what is wrong."""
    for state in (State.NOT_STARTED, State.WAITING):
        assert "\x1b[31m" not in exercise_line(exercise("backprop", state, "not started"), COLOUR)
    for state in (State.FAILED, State.RAISED):
        assert "\x1b[31m" in exercise_line(exercise("backprop", state, "wrong"), COLOUR)


def test_every_state_has_a_sign_of_its_own():
    """Signs tell states apart without colour; only the two quiet ones share theirs."""
    for style in (PLAIN, ASCII):
        signs = {state: style.sign(state) for state in State}
        assert signs.pop(State.WAITING) == signs[State.NOT_STARTED]
        assert len(set(signs.values())) == len(signs)


def test_only_the_first_cause_is_shown_in_full():
    """Of two wrong exercises the first is explained; the other has its line."""
    both = lesson(
        *one_wrong("first", "the first message").exercises[1:2], *one_wrong("second", "another").exercises[1:2]
    )
    text = lesson_text(both, TITLE, LESSON, PLAIN)
    assert "the first message" in text
    assert "another" not in text
    assert "✗ backprop                 second" in text


def test_one_exercise_does_not_complete_a_lesson():
    """Where only one exercise was checked, the end speaks of that one, and leads to the whole lesson."""
    text = closing(lesson(exercise("backprop")), LESSON, PLAIN, whole=False)
    assert text == "backprop done: 3 checks, 6 points, 0.25 s of your code.\nNext:  nnedu check lesson5"
    wrong = closing(one_wrong("wrong", "why"), LESSON, PLAIN, whole=False)
    assert wrong.endswith("\n\n8 of 16 points.\nNext:  nnedu hint lesson5/backprop")


def test_a_lesson_without_checks_is_not_complete():
    """Nothing at all is no success."""
    text = lesson_text(lesson(), TITLE, LESSON, PLAIN)
    assert "complete" not in text
    assert "0 of 0 exercises done" in text


@pytest.mark.parametrize(
    ("lesson_id", "typed"),
    [("lesson05_backpropagation", "lesson5"), ("lesson12_torch", "lesson12"), ("extras", "extras")],
)
def test_what_people_type_for_a_lesson(lesson_id, typed):
    """A lesson is typed by its number where it has one."""
    assert short_lesson(lesson_id) == typed


@pytest.mark.parametrize(("name", "style"), [("progress", PLAIN), ("progress_ascii", ASCII)])
def test_the_screen_of_status(name, style):
    """A bar for each lesson, a line for each exercise, and the first lesson that is not done."""
    text = progress_text(ROWS, style)
    assert text.isascii() == (style is ASCII)
    agrees_with_golden(name, text)


def test_status_of_nothing_and_of_everything():
    """Without lessons it leads to fetch; with all of it right there is nothing left to type."""
    assert progress_text([], PLAIN).splitlines()[-1] == "Next:  nnedu fetch LESSON"
    assert progress_text(ROWS[:1], PLAIN).splitlines()[-1] == "Every exercise that you have fetched passes."


def test_status_for_programs():
    """The same facts as an object; points are summed for each lesson."""
    lessons = progress_json(ROWS)["lessons"]
    assert [(one["lesson"], one["points"], one["max_points"]) for one in lessons] == [(LESSON, 9, 20), ("extras", 0, 4)]
    assert lessons[1]["exercises"] == [
        {"id": "dropout", "state": "not_started", "points": 0, "max_points": 4, "summary": ""}
    ]


WIDTHS = (40, 60, 80, 120, 200)


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("name", SCREENS)
def test_a_screen_fits_the_terminal_and_loses_nothing(name, width):
    """Lines break where the terminal ends, but those of code and tables; at every width the same words are there."""
    text = lesson_text(SCREENS[name], TITLE, LESSON, Style(width=width))
    kept = {line for one in SCREENS[name].exercises for check in one.checks for line in check.message.splitlines()}
    for line in text.splitlines():
        assert len(line) <= width or line.removeprefix("  ") in kept or _unbreakable(line), line
        assert line == line.rstrip()
    if name != "raised":  # of what is printed only the beginning is shown, and that is less where it is narrow
        assert _words(text) == _words(lesson_text(SCREENS[name], TITLE, LESSON, Style(width=1000)))
    commands = {
        found for one in WIDTHS for found in _commands(lesson_text(SCREENS[name], TITLE, LESSON, Style(width=one)))
    }
    assert commands == set(_commands(text))


def _unbreakable(line):
    """A path, or a command: what is copied is never broken."""
    return bool(re.fullmatch(r" +(\S+|nnedu \w+ \S+)", line))


def _words(text):
    return sorted(word for word in text.split() if word != "|")


def _commands(text):
    """The commands of the last line, each whole on a line of the terminal."""
    return re.findall(r"nnedu \w+ \S+", text[text.rindex("Next:  ") :])


@pytest.mark.parametrize("name", ["named_mistake", "broken_file", "stopped"])
@pytest.mark.parametrize("width", [40, 60])
def test_a_narrow_screen(name, width):
    """Where it is narrow, the golden files show how lines hang."""
    agrees_with_golden(f"{name}_{width}", lesson_text(SCREENS[name], TITLE, LESSON, Style(width=width)))


def test_a_file_that_cannot_be_loaded_has_one_line():
    """Its exercises have none; what waits for another file says for which; the last line leads to the place."""
    text = lesson_text(SCREENS["broken_file"], TITLE, LESSON, PLAIN)
    assert text.count("is not valid Python") == 1
    assert "· backprop.py              waits for gradients.py\n" in text
    assert "relu_backward " not in text
    assert "train" not in text
    assert "2 exercises" in text
    assert text.splitlines()[-1] == "Next:  mend gradients.py:12, then  nnedu check lesson5"


def test_an_error_does_not_match_to_nine_digits():
    """Of an error it is said what it comes from."""
    text = lesson_text(SCREENS["raised_by_a_mistake"], TITLE, LESSON, PLAIN)
    assert "1e-9" not in text
    assert "This is the error that comes out when dZ is used where A_prev belongs." in text


def test_what_is_printed_is_shown_with_who_printed_it():
    """Equal lines in a row once; warnings of what does not pass are the first cause's alone."""
    lines = [line.removeprefix("  | ") for line in lesson_text(SCREENS["prints"], TITLE, LESSON, PLAIN).splitlines()]
    start = lines.index("linear_backward printed:")
    assert lines[start : start + 5] == [
        "linear_backward printed:",
        "  7   (3 times)",
        "  8   (2 times)",
        "  7",
        "train printed:",
    ]
    assert "backprop printed:" in lines
    assert "show printed:" in lines
    assert lines.count("backprop: numpy warned: overflow") == 1
    assert "train: numpy warned: overflow" not in lines


def test_points_that_are_earned_later_are_said():
    """Where a whole lesson was checked, and there are any."""
    done = lesson(exercise("backprop"))
    assert "\n17 more points are in checks that run when it is graded.\nNext:  " in closing(
        done, LESSON, PLAIN, later=17
    )
    assert "\n1 more point is in checks that run" in closing(one_wrong("wrong", "why"), LESSON, PLAIN, later=1)
    assert " more " not in closing(done, LESSON, PLAIN, later=0)
    assert " more " not in closing(done, LESSON, PLAIN, later=17, whole=False)


def test_status_says_as_of_when():
    """When a lesson was last checked, and whether it was edited since; in the text and for programs."""
    checked = {LESSON: Checked(datetime(2026, 3, 1, 9, 30, tzinfo=UTC), edited=True)}
    text = progress_text(ROWS, PLAIN, checked)
    assert "9 of 20 points at the check of 2026-03-01 09:30, edited since\n" in text
    assert "0 of 4 points, not checked yet\n" in text
    lessons = progress_json(ROWS, checked)["lessons"]
    assert [(one["checked_at"], one["edited"]) for one in lessons] == [
        ("2026-03-01T09:30:00+00:00", True),
        (None, False),
    ]
