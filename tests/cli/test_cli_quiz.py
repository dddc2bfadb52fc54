"""`nnedu quiz` as a student meets it: in a terminal, without one, with a file edited by hand; and up to the grade."""

import json
import re
import shutil
import sys
from fractions import Fraction
from pathlib import Path

import pytest
from cli_run import ROOT, nnedu, solve, unfit

if sys.platform == "win32":
    pytest.skip("needs a terminal of its own", allow_module_level=True)

from cli_pty import CTRL_C, typing

LINES = "lesson01_lines"
NEURON = "lesson01_neuron"
COURSES = Path(__file__).parents[1] / "courses"


@pytest.fixture(scope="session")
def _quizzed(tmp_path_factory):
    """The tiny course with quizzes, released, and a workspace with its first lesson."""
    folder = tmp_path_factory.mktemp("quizzed")
    shutil.copytree(COURSES / "tiny", folder / "course", ignore=shutil.ignore_patterns("__pycache__"))
    for path in (COURSES / "quiz").glob("quiz*"):
        shutil.copy(path, folder / "course" / "graders" / LINES)
    (folder / "work").mkdir()
    assert nnedu("course", "bundle", "--course", "course", "--out", "release", cwd=folder).code == 0
    assert nnedu("fetch", "lines", "--from", "../release", cwd=folder / "work").code == 0
    return folder


@pytest.fixture
def place(_quizzed, tmp_path):
    """A copy of both."""
    return shutil.copytree(_quizzed, tmp_path / "quizzed")


@pytest.fixture
def work(place):
    """A workspace where nothing was answered."""
    return place / "work"


def answers(work, lesson=LINES):
    return work / lesson / "answers.toml"


def given(work, lesson=LINES):
    """Return the answers in the file that are not empty."""
    text = answers(work, lesson).read_text("utf-8")
    return dict(re.findall(r'(?m)^(\w+) = "(.+?)"', text))


def fill(work, lesson=LINES, **typed):
    """Write answers into the file, as in an editor."""
    text = answers(work, lesson).read_text("utf-8")
    for name, value in typed.items():
        text, count = re.subn(rf'(?m)^{name} = ".*"', f'{name} = "{value}"', text)
        assert count == 1, name
    answers(work, lesson).write_text(text, "utf-8")


def values(text):
    """Solve the question that has numbers of one's own."""
    slope, offset, x = re.search(r"What is (\S+)x \+ (\S+) at x = (\d+)", " ".join(text.split())).groups()
    both = [Fraction(slope) * times * int(x) + Fraction(offset) for times in (1, 2)]
    return ", ".join(str(float(number)) for number in both)


# ------------------------------------------------------------------------------------------------- in a terminal


def test_questions_are_asked_one_after_the_other_and_answers_are_kept(work):
    """A name is asked for once; what is not understood is explained and asked again; Ctrl-C keeps what was typed."""
    ran = typing("quiz", "lines", cwd=work, typed=["Ada", "z", "b", "c a", "", CTRL_C])
    assert ran.code == 130
    assert "6 of 6 questions. Enter alone leaves one as it is; Ctrl-C stops." in ran.out
    assert "The answer 'z' is not understood: 'z' is none of the choices a to c. Asked for: one letter." in ran.out
    assert ran.out.count("kept; judged when graded") == 2
    assert ran.out.rstrip().endswith("Stopped. Nothing was lost.")
    assert given(work) == {"student": "Ada", "slope": "b", "through_zero": "c a"}
    assert unfit(ran.out.replace("\x03", "").replace("^C", "")) == []


def test_a_quiz_goes_on_where_it_stopped(work):
    typing("quiz", "lines", cwd=work, typed=["Ada", "b", "ac", CTRL_C])
    asked = answers(work).read_text("utf-8")
    ran = typing("quiz", cwd=work / LINES, typed=["bac", "1 2", values(asked), "0.33", "b"])
    assert ran.code == 0
    assert "4 of 6 questions." in ran.out
    assert "  not right.\n  Try again, or leave it with Enter." in ran.out
    assert "  right\n" in ran.out
    assert "quiz_lines: 5 of 5 answered; 4 are judged when graded\nmended_lines: 1 of 1 answered" in ran.out
    assert "Your answers are in answers.toml, which you may edit." in ran.out
    assert ran.last_line == "Next:  nnedu check lesson1"
    ran = typing("quiz", "lines", cwd=work)
    assert (ran.code, "Nothing is open. nnedu quiz lesson1 --again asks all 6 once more." in ran.out) == (0, True)


def test_a_known_wrong_answer_names_its_misconception_and_stays_open(work):
    nnedu("quiz", "lines", cwd=work)
    text = " ".join(answers(work).read_text("utf-8").split())
    slope, offset, x = re.search(r"What is (\S+)x \+ (\S+) at x = (\d+)", text).groups()
    wrong = " ".join(str(float(Fraction(offset) * times * int(x) + Fraction(slope))) for times in (1, 2))
    ran = typing("quiz", "lines", "values", cwd=work, typed=[wrong, ""])
    assert "  not right. Slope and offset are swapped." in ran.out
    assert given(work)["values"] == wrong
    ran = typing("quiz", "lines", "4", cwd=work, typed=[""])
    assert f"Your answer so far: {wrong}" in ran.out


def test_again_asks_all_and_enter_leaves_them(work):
    typing("quiz", "lines", cwd=work, typed=["Ada", "a", CTRL_C])
    ran = typing("quiz", "lines", "--again", cwd=work, typed=["", "", "", "", "", ""])
    assert "Your answer so far: a" in ran.out
    assert given(work) == {"student": "Ada", "slope": "a"}
    typing("quiz", "lines", "slope", cwd=work, typed=["b"])
    assert given(work)["slope"] == "b"
    ran = nnedu("undo", "lines", cwd=work)
    assert "answers.toml" in ran.out
    assert given(work)["slope"] == "a"


def test_one_quiz_of_several_is_asked(work):
    nnedu("quiz", "lines", cwd=work)
    ran = typing("quiz", "lesson1/mended_lines", cwd=work, typed=["b"])
    assert "1 of 1 questions." in ran.out
    assert "    2  total =+ x" in ran.out
    assert given(work)["which_lines"] == "b"


def test_a_file_that_breaks_while_a_question_is_open_is_not_written_over(work):
    nnedu("quiz", "lines", cwd=work)
    text = answers(work).read_text("utf-8")
    answers(work).write_text(text.replace('slope = ""', 'slope = "'), "utf-8")
    broken = answers(work).read_bytes()
    ran = typing("quiz", "lines", cwd=work)
    assert ran.code == 2
    assert "answers.toml is not valid TOML" in ran.out
    line = text.splitlines().index('slope = ""') + 1
    assert f"line {line}" in ran.out
    assert "was left as it is." in ran.out
    assert answers(work).read_bytes() == broken


# ------------------------------------------------------------------------------------------------- without one


def test_without_a_terminal_the_questions_are_printed(work):
    """And the file is there to be filled in."""
    ran = nnedu("quiz", "lines", cwd=work)
    assert (ran.code, ran.err) == (0, "")
    assert "1  slope  (1 point, judged when graded)\nWhat is the slope of y = 2x + 1?\n  a) 1\n  b) 2\n" in ran.out
    assert "4  values  (1 point, checked right away)" in ran.out
    assert f"Write your answers between the quotes in\n  {answers(work)}" in ran.out
    assert 'student = "sam"' in answers(work).read_text("utf-8")
    fill(work, slope="b")
    ran = nnedu("quiz", "lines", cwd=work)
    assert "1  slope" not in ran.out
    assert "quiz_lines: 1 of 5 answered; 4 are judged when graded" in ran.out


def test_the_numbers_stay_those_of_the_name_in_the_file(work):
    nnedu("quiz", "lines", cwd=work)
    (work / ".nnedu" / "settings.toml").write_text('student = "somebody else"\n')
    before = answers(work).read_bytes()
    fill(work, values=values(answers(work).read_text("utf-8")))
    assert "4 are judged when graded" in nnedu("quiz", "lines", cwd=work).out
    assert nnedu("check", "lines/quiz_lines", "--json", cwd=work).json["points"] == 1
    assert answers(work).read_bytes() != before


WRONG = [
    (("quiz", "sums"), "nnedu fetch lesson2"),
    (("quiz", "lines/slope"), "lesson01_lines has no exercise or module 'slope'"),
    (("quiz", "lines", "slop"), "There is no question 'slop'.\nDid you mean slope?"),
    (("quiz", "lines", "7"), "There is no question '7'."),
]


@pytest.mark.parametrize(("arguments", "said"), WRONG)
def test_what_cannot_be_asked_is_a_sentence(work, arguments, said):
    ran = nnedu(*arguments, cwd=work)
    assert ran.code == 2
    assert said in ran.err


def test_an_exercise_and_a_lesson_without_a_quiz_are_said(place, work):
    first = next(one["id"] for one in nnedu("check", "lines", "--json", cwd=work).json["exercises"])
    assert "is no quiz.\nQuizzes of lesson01_lines: quiz_lines, mended_lines." in nnedu("quiz", first, cwd=work).err
    assert nnedu("fetch", "sums", "--from", place / "release", cwd=work).code == 0
    ran = nnedu("quiz", "sums", cwd=work)
    assert (ran.code, "lesson02_sums has no quiz." in ran.err) == (2, True)


# ------------------------------------------------------------------------------------------------- other commands


def test_check_shows_the_quiz_and_leads_to_it(place, work):
    for path in (place / "course" / "solutions" / LINES).glob("*.py"):
        shutil.copy(path, work / LINES)
    ran = nnedu("check", "lines", cwd=work)
    assert (ran.code, ran.last_line) == (1, "Next:  nnedu quiz lesson1")
    assert "quiz_lines               not started" in ran.out
    assert nnedu(cwd=work).last_line == "Next:  nnedu quiz lesson1"
    assert nnedu("hint", "quiz_lines", cwd=work).last_line == "Next:  nnedu quiz lesson1/quiz_lines"
    nnedu("quiz", "lines", cwd=work)
    fill(work, slope="x")
    ran = nnedu("check", "lines", cwd=work)
    assert "the answer to slope is not understood" in ran.out
    assert f"{LINES}/answers.toml" in ran.out
    assert "The answer 'x' is not understood" in ran.out
    asked = answers(work).read_text("utf-8")
    fill(work, slope="a", through_zero="b", steepest="abc", values=values(asked), third="1", which_lines="a")
    ran = nnedu("check", "lines", cwd=work)
    assert ran.code == 0  # all that can be judged here
    assert "5 of 5 answered; 4 are judged when graded" in ran.out
    assert ran.last_line.startswith("Next:  nnedu submit lesson1")
    assert "quiz_lines" in nnedu("status", cwd=work).out


def test_a_quiz_cannot_be_reset(work):
    ran = nnedu("reset", "lines/quiz_lines", "--yes", cwd=work)
    assert (ran.code, "nnedu quiz" in ran.err) == (2, True)


def test_a_fetch_leaves_answers_as_they_are(place, work):
    nnedu("quiz", "lines", cwd=work)
    fill(work, slope="b")
    before = answers(work).read_bytes()
    assert nnedu("fetch", "lines", "--from", place / "release", cwd=work).code == 0
    assert answers(work).read_bytes() == before


# ------------------------------------------------------------------------------------------------- to the grade


def graded(folder, lesson, course):
    """Grade what was handed in, and return the results and the feedback of each student."""
    ran = nnedu("grade", lesson, folder, "--course", course, "--out", "grades", "--json", cwd=folder.parent)
    assert ran.code == 0, ran.err
    results = {one["student"]: one for one in json.loads(ran.out)["submissions"]}
    feedback = {path.stem: path.read_text("utf-8") for path in (folder.parent / "grades" / "feedback").iterdir()}
    return results, feedback


def quiz_of(result, name):
    return next(one for one in result["exercises"] if one["id"] == name)


def test_a_class_is_graded_by_its_answers(place, work):
    """The right ones earn, wrong ones are explained, a copied file is seen, a broken one harms nobody else."""
    (place / "classroom").mkdir()
    nnedu("quiz", "lines", cwd=work)
    asked = answers(work).read_text("utf-8")
    right = {"slope": "b", "through_zero": "ac", "steepest": "bac", "third": "0.333", "which_lines": "b"}
    files = {"sam": right | {"values": values(asked)}, "ben": right, "cem": {"slope": "a", "third": "0.3"}}
    for name, typed in files.items():
        answers(work).write_text(asked, "utf-8")
        fill(work, **typed)
        assert nnedu("submit", "lines", "--to", place / "classroom", "--as", name, cwd=work).code == 0
    answers(work).write_text("[quiz_lines\n", "utf-8")
    assert nnedu("submit", "lines", "--to", place / "classroom", "--as", "dora", cwd=work).code == 0
    answers(work).unlink()
    assert nnedu("submit", "lines", "--to", place / "classroom", "--as", "eva", cwd=work).code == 0
    results, feedback = graded(place / "classroom" / LINES, "lines", place / "course")
    points = {name: quiz_of(one, "quiz_lines")["points"] for name, one in results.items()}
    assert points == {"sam": 6, "ben": 5, "cem": 0, "dora": 0, "eva": 0}
    states = {name: quiz_of(one, "quiz_lines")["state"] for name, one in results.items()}
    assert states == {"sam": "passed", "ben": "failed", "cem": "failed", "dora": "failed", "eva": "not_started"}
    assert quiz_of(results["sam"], "mended_lines")["points"] == 1
    assert quiz_of(results["sam"], "quiz_lines")["notes"] == []
    copied = "The numbers of the quiz are those of 'sam'; it was handed in by 'ben'."
    assert quiz_of(results["ben"], "quiz_lines")["notes"] == [copied]
    for sentence in ("That is where the line meets the y axis.", "The slope is what y gains", "Three tenths are less."):
        assert sentence in feedback["cem"]
        assert sentence not in feedback["sam"]
    assert "Put x = 0 into each of them." not in feedback["eva"]
    assert "answers.toml is not valid TOML" in feedback["dora"]


def test_lesson_1_from_fetch_to_grade(tmp_path):
    """The quiz of the course itself, answered in a terminal as a student would who knows the answers."""
    work, classroom = tmp_path / "work", tmp_path / "classroom"
    work.mkdir()
    classroom.mkdir()
    assert nnedu("fetch", "lesson1", cwd=work).code == 0
    solve(work / NEURON)
    answers(work, NEURON).unlink()
    ran = typing("quiz", "lesson1", cwd=work, typed=["ada", "b d a c", "dbfaec", CTRL_C])
    assert ran.code == 130
    z = preactivations(answers(work, NEURON).read_text("utf-8"))
    ran = typing("quiz", "lesson1", cwd=work, typed=[z, "b", "c", "101632", "101770", "a c", "d"])
    assert "not right. These are the weights alone." in ran.out
    assert ran.out.count("\n  right\n") == 2
    ran = nnedu("check", "lesson1", cwd=work)
    assert (ran.code, "8 of 8 answered; 6 are judged when graded" in ran.out) == (0, True)
    ran = nnedu("submit", "lesson1", "--to", classroom, cwd=work)
    assert "answers.toml" in ran.out
    results, feedback = graded(classroom / NEURON, "lesson1", ROOT)
    assert (results["ada"]["points"], quiz_of(results["ada"], "quiz_neuron")["points"]) == (39, 8)
    assert "quiz_neuron  8/8  right" in feedback["ada"]


def preactivations(text):
    """Work the randomised question of lesson 1 out, by floats and on its own."""
    flat = re.sub(r"[#\s]+", " ", text)
    rows = re.search(r"w = \[(.+?)\] and the bias b = (\S+)\. .+? x = \[(.+?)\], .+? y = \[(.+?)\]", flat)
    w, b, x, y = ([float(part) for part in row.split(",")] for row in rows.groups())
    return " ".join(str(sum(p * q for p, q in zip(w, row, strict=True)) + b[0]) for row in (x, y))
