"""course.toml: read whole, or refused with the file, the line and what may have been meant."""

import ast
import re
from pathlib import Path

import pytest

from nnedu.course import find_course, find_lesson, load_course
from nnedu.errors import CourseFault, UsageError

SRC = Path(__file__).parents[2] / "src" / "nnedu"
KNOWN = ["lesson01_lines", "lesson02_sums", "lesson10_words", "appendix"]


def test_the_tiny_course_is_read(tiny):
    """All that its file says."""
    assert (tiny.title, tiny.version, tiny.key) == ("Lines and sums", "1.0", "tiny")
    assert tiny.imports == {"numpy", "math", "functools"}
    assert (tiny.limits.call_seconds, tiny.limits.submission_seconds) == (5.0, 30.0)
    assert [(lesson.id, lesson.title, lesson.modules, lesson.number) for lesson in tiny.lessons] == [
        ("lesson01_lines", "Straight lines", ("lines",), 1),
        ("lesson02_sums", "Sums", ("sums",), 2),
    ]
    assert tiny.lesson("sums") is tiny.lessons[1]
    assert set(tiny.lesson("2").solution_sources()) == {"sums"}


def test_limits_may_be_left_out(tiny_copy):
    """They have defaults."""
    path = tiny_copy / "course.toml"
    path.write_text(re.sub(r"\[limits\]\n.*\n.*\n", "", path.read_text()))
    assert load_course(tiny_copy).limits.call_seconds == 10.0


def test_a_course_is_found_from_inside(tiny_copy, tmp_path):
    """Any folder of it will do."""
    assert find_course(tiny_copy / "graders" / "lesson01_lines") == tiny_copy
    assert find_course(tmp_path) is None


BROKEN = {
    "unknown key": (
        'version = "1.0"',
        'verson = "1.0"',
        "course.toml:4: unknown key 'verson'.\nDid you mean version or lesson?",
    ),
    "unknown key of a lesson": (
        'title = "Sums"',
        'titel = "Sums"',
        "course.toml:19: unknown key 'titel'.\nDid you mean title?",
    ),
    "unknown limit": (
        "call_seconds = 5.0",
        "cal_seconds = 5.0",
        "course.toml:9: unknown key 'cal_seconds'.\nDid you mean call_seconds or cpu_seconds or exercise_seconds?",
    ),
    "missing key": ('key = "tiny"\n', "", "course.toml: the key 'key' is missing."),
    "missing key of a lesson": (
        'title = "Sums"\n',
        "",
        "course.toml: the key 'title' of [[lesson]] number 2 is missing.",
    ),
    "wrong type": ('version = "1.0"', "version = 1.0", "course.toml:4: version: expected `str`, got `float`."),
    "wrong type of a lesson": (
        'modules = ["sums"]',
        'modules = "sums"',
        "course.toml:20: modules: expected `array`, got `str`.",
    ),
    "wrong limit": ("call_seconds = 5.0", "call_seconds = 0", "course.toml:9: call_seconds must be more than 0."),
    "missing folder": (
        'folder = "lesson02_sums"',
        'folder = "lesson02_sum"',
        "course.toml:18: there is no lesson 'lesson02_sum' in solutions/ and graders/.\nDid you mean lesson02_sums",
    ),
    "listed twice": (
        '[[lesson]]\nfolder = "lesson02_sums"\ntitle = "Sums"\nmodules = ["sums"]',
        '[[lesson]]\nfolder = "lesson01_lines"\ntitle = "Straight lines"\nmodules = ["lines"]',
        "course.toml:18: lesson01_lines is listed twice.",
    ),
    "missing grader": (
        'modules = ["sums"]',
        'modules = ["sum"]',
        "course.toml:20: lesson02_sums has no grader test_sum.py.\nDid you mean sums?",
    ),
    "newer format": (
        "format = 1",
        "format = 2",
        "course.toml:2: format 2; this nnedu reads format 1.\nA newer course needs a newer nnedu: pip install",
    ),
    "unknown demo": (
        'key = "tiny"',
        'key = "tiny"\ndemo = "lesson02_sum"',
        "course.toml:6: demo names 'lesson02_sum', which is no lesson of the course.\nDid you mean lesson02_sums",
    ),
    "no toml": ("[limits]", "[limits", "course.toml is not valid TOML: "),
}


@pytest.mark.parametrize(("old", "new", "message"), BROKEN.values(), ids=BROKEN)
def test_what_is_wrong_is_said_with_its_line(tiny_copy, old, new, message):
    """And with what may have been meant."""
    path = tiny_copy / "course.toml"
    assert path.read_text().count(old) == 1
    path.write_text(path.read_text().replace(old, new))
    with pytest.raises(CourseFault) as fault:
        load_course(tiny_copy)
    assert str(fault.value).startswith(f"{tiny_copy}/{message}")
    assert fault.value.exit_code == 3


def test_a_course_that_is_not_text(tiny_copy):
    """Saved in another encoding."""
    (tiny_copy / "course.toml").write_bytes('title = "Straße"'.encode("latin-1"))
    with pytest.raises(CourseFault, match="is not UTF-8 text"):
        load_course(tiny_copy)


def test_no_course_at_all(tmp_path):
    """The next step is said."""
    with pytest.raises(CourseFault, match=r"There is no course\.toml in") as fault:
        load_course(tmp_path)
    assert "--course" in fault.value.next_step


@pytest.mark.parametrize(
    ("name", "lesson"),
    [
        ("lesson1", "lesson01_lines"),
        ("1", "lesson01_lines"),
        ("01", "lesson01_lines"),
        ("lesson01", "lesson01_lines"),
        ("Lesson 1", "lesson01_lines"),
        ("lesson_1", "lesson01_lines"),
        ("lines", "lesson01_lines"),
        ("LINES", "lesson01_lines"),
        ("lesson01_lines/", "lesson01_lines"),
        (" lesson01_lines ", "lesson01_lines"),
        ("10", "lesson10_words"),
        ("appendix", "appendix"),
    ],
)
def test_a_lesson_is_found_by_any_of_its_names(name, lesson):
    """Number, topic or folder, as people type them."""
    assert find_lesson(name, KNOWN) == lesson


@pytest.mark.parametrize(
    ("name", "next_step"),
    [
        ("line", "Did you mean lines?"),
        ("suns", "Did you mean sums?"),
        ("lesson7", "Known: lesson1, lesson2, lesson10, appendix."),
        ("0", "Known: lesson1, lesson2, lesson10, appendix."),
        ("xyzzy", "Known: lesson1, lesson2, lesson10, appendix, lines, sums, words, appendix."),
    ],
)
def test_another_name_is_answered_with_what_is_known(name, next_step):
    """Exit code 2: what was typed cannot be done."""
    with pytest.raises(UsageError) as error:
        find_lesson(name, KNOWN)
    assert error.value.sentence == f"There is no lesson {name!r}."
    assert error.value.next_step == next_step
    assert error.value.exit_code == 2


def test_the_engine_names_no_lesson():
    """Outside docstrings, and examples of a file name in help: a course is data."""
    named = []
    for path in SRC.rglob("*.py"):
        tree = ast.parse(path.read_text("utf-8"))
        docstrings = {
            id(node.body[0].value)
            for node in ast.walk(tree)
            if isinstance(node, (ast.Module, ast.ClassDef, ast.FunctionDef)) and ast.get_docstring(node) is not None
        }
        for node in ast.walk(tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docstrings:
                named += [
                    f"{path.name}:{node.lineno}: {node.value}"
                    for _ in re.findall(r"lesson\d+_\w+\b(?!\.zip)", node.value)
                ]
            if isinstance(node, (ast.Import, ast.ImportFrom)):
                modules = [alias.name for alias in node.names] + [getattr(node, "module", None) or ""]
                named += [f"{path.name}:{node.lineno}" for m in modules if m.split(".")[0] in {"solutions", "graders"}]
    assert named == []
