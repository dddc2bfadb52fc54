"""What is written into a course of nbgrader: settings as one block, files of ours, and nothing of a person's lost."""

import json

import pytest
from nbgrader_class import LINES, TINY

from nnedu.course import load_course
from nnedu.errors import UsageError
from nnedu.outcome import CheckOutcome, ExerciseOutcome, State
from nnedu.publishing.nbgrader.assignment import export, settings_of
from nnedu.publishing.nbgrader.config import BEGIN, END, Mode, Settings, block, merged, settings_in
from nnedu.publishing.nbgrader.grading import graded_outputs, message, score, to_look_at
from nnedu.publishing.nbgrader.statements import Problem

HERE = Settings("/course's", "nn101")


@pytest.fixture
def lines():
    course = load_course(TINY)
    return course, course.lesson("lesson1")


def test_a_person_s_settings_stay_and_win():
    theirs = '# mine\nc = get_config()\nc.CourseDirectory.course_id = "mine"\n'
    text = merged(theirs, block(HERE))
    assert text.endswith(theirs)
    assert text.count(BEGIN) == text.count(END) == 1
    again = merged(text, block(Settings("/other", "nn102", Mode.KERNEL, 60, "/exchange")))
    assert again.endswith(theirs)
    assert (again.count(BEGIN), "/course" in again, "/other" in again) == (1, False, True)
    assert merged(again, block(Settings("/other", "nn102", Mode.KERNEL, 60, "/exchange"))) == again


def test_a_block_between_a_person_s_lines_is_replaced_where_it_stands():
    text = merged("a = 1\n" + block(HERE) + "b = 2\n", block(Settings("/other", "x")))
    assert text.startswith("a = 1\n" + BEGIN)
    assert text.endswith(END + "\nb = 2\n")


@pytest.mark.parametrize("text", [BEGIN + "\nc = 1\n", "c = 1\n" + END + "\n"])
def test_half_a_block_is_refused(text):
    with pytest.raises(UsageError, match="damaged block"):
        merged(text, block(HERE))


def test_a_configuration_that_would_be_no_python_is_refused():
    with pytest.raises(UsageError, match="would not be valid Python"):
        merged("from __future__ import annotations\n", block(HERE))


@pytest.mark.parametrize("mode", list(Mode))
def test_what_an_export_said_is_read_back(mode):
    settings = Settings("/course", "nn101", mode, 45, "/exchange")
    assert settings_in("x = 1\n" + block(settings)) == settings
    assert settings_in("x = 1\n") is None


def test_a_notebook_that_a_person_has_changed_is_not_replaced(lines, tmp_path):
    export(*lines, tmp_path, HERE)
    path = tmp_path / "source" / LINES / f"{LINES}.ipynb"
    notebook = json.loads(path.read_text("utf-8"))
    notebook["cells"][3]["outputs"] = [{"output_type": "stream", "name": "stdout", "text": "x"}]
    path.write_text(json.dumps(notebook), "utf-8")
    export(*lines, tmp_path, HERE)  # it was only run
    notebook["cells"][0]["source"] = "mine"
    path.write_text(json.dumps(notebook), "utf-8")
    before = (path.read_bytes(), (tmp_path / "nbgrader_config.py").read_bytes())
    with pytest.raises(UsageError, match="was changed since nnedu wrote it"):
        export(*lines, tmp_path, Settings("/other", "x"))
    assert (path.read_bytes(), (tmp_path / "nbgrader_config.py").read_bytes()) == before
    path.write_text("{}", "utf-8")
    with pytest.raises(UsageError, match="is not by nnedu"):
        export(*lines, tmp_path, HERE)


def test_cells_that_come_or_go_are_said(lines, tmp_path, tiny_copy):
    export(*lines, tmp_path, HERE)
    grader = tiny_copy / "graders" / LINES / "test_lines.py"
    text = grader.read_text("utf-8")
    start = text.index('@exercise("shuffled"')
    grader.write_text(text[:start] + text[text.index("@exercise", start + 5) :], "utf-8")
    course = load_course(tiny_copy)
    [note] = export(course, course.lesson("lesson1"), tmp_path, HERE).notes
    assert "-shuffled-hidden" in note
    assert "+lines-def-shuffled" in note


def test_figures_come_along_and_a_second_export_writes_nothing(lines, tmp_path, tiny_copy):
    figures = tiny_copy / "exercises" / LINES / "figures"
    figures.mkdir()
    (figures / "line.svg").write_text("<svg/>", "utf-8")
    course = load_course(tiny_copy)
    done = export(course, course.lesson("lesson1"), tmp_path, HERE)
    assert (tmp_path / "source" / LINES / "figures" / "line.svg").read_text("utf-8") == "<svg/>"
    again = export(course, course.lesson("lesson1"), tmp_path, HERE)
    assert (again.written, sorted(again.same)) == ([], sorted(done.written))
    assert settings_of(tmp_path) == HERE


def test_an_assignment_has_no_plus_in_its_name(lines, tmp_path):
    from dataclasses import replace

    course, lesson = lines
    with pytest.raises(UsageError, match=r"no \+"):
        export(course, replace(lesson, id="lesson01+lines"), tmp_path, HERE)


def outcome(points, most, *states):
    checks = tuple(CheckOutcome(f"c{n}", "holds", state, 0, 1) for n, state in enumerate(states))
    return ExerciseOutcome(
        "backprop", "m", "t", State.FAILED, points, most, "s", checks=checks, notes=("printed: \x1b[2J",)
    )


@pytest.mark.parametrize(
    ("points", "most", "worth", "wanted"),
    [(4, 4, 4, 4.0), (0, 4, 4, 0.0), (2, 6, 8, 2.666667), (0, 0, 4, 0.0), (5, 4, 4, 4.0), (-1, 4, 4, 0.0)],
)
def test_a_score_is_a_plain_number_that_nbgrader_cannot_misread(points, most, worth, wanted):
    value = score(outcome(points, most), worth)
    assert (type(value), value) == (float, wanted)
    assert graded_outputs("x", value)[1]["data"] == {"text/plain": repr(wanted)}


def test_a_message_says_what_was_mended_and_holds_no_control_character():
    problems = [Problem("backprop", "the cell backprop is there 2 times"), Problem("other", "no")]
    text = message(outcome(0, 4, State.FAILED), problems)
    assert "note: the cell backprop is there 2 times" in text
    assert "note: no\n" not in text
    assert "\x1b" not in text


def test_an_exercise_of_which_nothing_could_be_graded_is_left_to_a_person():
    assert to_look_at([outcome(0, 0, State.FAULT), outcome(0, 3, State.FAULT, State.FAILED)]) == ["backprop"]


def test_a_graded_cell_that_nobody_knows_is_worth_nothing_and_left_to_a_person():
    from nnedu.publishing.nbgrader.grader import Judged
    from nnedu.publishing.nbgrader.preprocessors import write_grades

    def cell(name, points):
        marks = {"grade_id": name, "grade": True, "points": points}
        return {"cell_type": "code", "metadata": {"nbgrader": marks}, "outputs": ["old"], "execution_count": None}

    cells = [cell("backprop-hidden", 4), cell("gone-hidden", 3), cell("backprop-public", 0)]
    judged = Judged({"backprop": outcome(2, 4, State.FAILED)}, (), "")
    assert write_grades(cells, judged, dict) == ["gone-hidden"]
    results = [[one["data"]["text/plain"] for one in cell["outputs"] if "data" in one] for cell in cells]
    assert results == [["2.0"], ["0.0"], []]
