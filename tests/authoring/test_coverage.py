"""docs/coverage.md: everything in the seed texts is taken up, by exercises that exist, and the page says so."""

import subprocess
import sys
from pathlib import Path

import msgspec
import pytest

from nnedu.authoring.coverage import Defect, LessonPlan, Seeds, System, built, load_seeds, problems
from nnedu.authoring.coverage_page import page
from nnedu.course import load_course
from nnedu.errors import CourseFault

ROOT = Path(__file__).parents[2]
FIRST_LESSONS = range(1, 8)
SYSTEMS = {"000": 59, "001": 46, "002": 23, "003": 24}
DEFECTS = {"B0": 26, "B1": 15, "B2": 13, "B3": 12}

THERE = {1: {"add": frozenset({"sums", "forgets_carry"}), "quiz_add": frozenset({"who"})}}
GOOD = Seeds(
    texts={"A": "A text"},
    lesson={1: LessonPlan({"add": ("A-1",), "quiz_add": ("A-2",)}), 2: LessonPlan({"halve": ("A-2", "A-3")}, "Later")},
    system=(System("A-1", "1", "adding | or"), System("A-2", "1", "who"), System("A-3", "2", "halving")),
    defect=(Defect("D-1", "1", "no carry", ("add/forgets_carry", "halve")), Defect("D-2", "1", "ugly", (), "a typo")),
)


@pytest.fixture(scope="module")
def seeds():
    return load_seeds(ROOT)


@pytest.fixture(scope="module")
def there():
    return built(load_course(ROOT))


def count(records, separator):
    prefixes = [one.id.partition(separator)[0] for one in records]
    return {prefix: prefixes.count(prefix) for prefix in sorted(set(prefixes))}


def test_all_systems_and_all_defects_are_listed(seeds):
    assert count(seeds.system, "-") == SYSTEMS
    assert count(seeds.defect, "-") == DEFECTS


def test_every_system_is_covered_and_every_exercise_named_is_there(seeds, there):
    assert list(problems(seeds, there)) == []


def test_what_lessons_1_to_7_have_to_cover_is_covered_now(seeds, there):
    """Their plan is not smaller than it was: 115 systems begin in them."""
    begun = [one.id for one in seeds.system if seeds.covering(one.id)[0][0] in FIRST_LESSONS]
    assert len(begun) == 115
    assert [
        one
        for one in begun
        if not any(name in there[number] for number, name in seeds.covering(one) if number in there)
    ] == []
    assert set(there) >= set(FIRST_LESSONS)


def test_the_page_is_what_the_command_writes(seeds, there):
    assert (ROOT / "docs" / "coverage.md").read_text("utf-8") == page(seeds, there), "run nnedu course coverage --write"


def test_a_good_list_has_no_problems():
    assert list(problems(GOOD, THERE)) == []


def changed(**fields):
    return msgspec.structs.replace(GOOD, **fields)


@pytest.mark.parametrize(
    ("seeds", "there", "said"),
    [
        (changed(system=(*GOOD.system, GOOD.system[0])), THERE, "A-1 is listed 2 times"),
        (changed(system=(*GOOD.system, System("A-4", "2", "x"))), THERE, "A-4 is covered by no exercise"),
        (changed(system=GOOD.system[:2]), THERE, "halve covers A-3, which is not listed"),
        (GOOD, {1: {"quiz_add": THERE[1]["quiz_add"]}}, "add is listed for lesson 1, which has no such exercise"),
        (GOOD, {1: THERE[1] | {"new": frozenset()}}, "new of lesson 1 is listed with no system that it covers"),
        (GOOD, THERE | {2: {}}, "halve is listed for lesson 2, which has no such exercise"),
        (GOOD, THERE | {3: {"new": frozenset()}}, "new of lesson 3 is listed with no system that it covers"),
        (
            changed(lesson=GOOD.lesson | {2: LessonPlan(GOOD.lesson[2].covers)}),
            THERE,
            "lesson 2 is not in course.toml yet, and has no title",
        ),
        (
            changed(defect=(Defect("D", "1", "x"),)),
            THERE,
            "D is used by no exercise, and no reason is given",
        ),
        (
            changed(defect=(Defect("D", "1", "x", ("gone",)),)),
            THERE,
            "D is said to be used by gone, which no lesson lists",
        ),
        (
            changed(defect=(Defect("D", "1", "x", ("add/gone",)),)),
            THERE,
            "D is said to be used by add/gone; add has no check, mistake or question of that name",
        ),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_each_disagreement_is_said(seeds, there, said):
    assert said in list(problems(seeds, there))


def test_the_page_shows_what_is_there_and_what_comes_later():
    text = page(GOOD, THERE)
    assert "| A-1 | 1 | adding \\| or | `add` (1) |" in text
    assert "| A-2 | 1 | who | `quiz_add` (1), `halve` (2, later) |" in text
    assert "| systems | 3 | 2 | 1 |" in text
    assert "| D-1 | 1 | no carry | `add/forgets_carry` (1), `halve` (2, later) |" in text
    assert "| D-2 | 1 | ugly | nothing: a typo |" in text


def test_a_course_without_seeds_says_so(tiny):
    with pytest.raises(CourseFault, match=r"has no docs/seeds\.toml"):
        load_seeds(tiny.root)


def test_a_list_that_cannot_be_read_is_named(tmp_path):
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "seeds.toml").write_text("texts = 3\n", "utf-8")
    with pytest.raises(CourseFault, match=r"seeds\.toml cannot be read: Expected `object`"):
        load_seeds(tmp_path)


@pytest.fixture
def command(tiny_copy):
    """Run `nnedu course coverage` in a small course that has a list."""
    exercises = {number: list(names) for number, names in built(load_course(tiny_copy)).items()}
    covers = "".join(
        f"[lesson.{number}.covers]\n" + "".join(f'{name} = ["A-1"]\n' for name in names)
        for number, names in exercises.items()
    )
    listed = f'{covers}[texts]\nA = "A text"\n[[system]]\nid = "A-1"\nsection = "1"\nwhat = "lines"\n'
    (tiny_copy / "docs").mkdir()
    (tiny_copy / "docs" / "seeds.toml").write_text(listed, "utf-8")

    def run(*options):
        words = [sys.executable, "-m", "nnedu", "course", "coverage", *options]
        done = subprocess.run(words, cwd=tiny_copy, capture_output=True, text=True, encoding="utf-8", check=False)
        return done.returncode, done.stdout, done.stderr

    run.root = tiny_copy
    return run


def test_the_command_prints_writes_and_checks_the_page(command):
    code, printed, _ = command()
    assert code == 0
    assert "| A-1 | 1 | lines |" in printed
    assert command("--check")[:2] == (
        1,
        "  wrong: docs/coverage.md is out of date: run nnedu course coverage --write\n",
    )
    assert command("--write")[:2] == (0, "written    docs/coverage.md\n")
    assert (command.root / "docs" / "coverage.md").read_text("utf-8") == printed.removesuffix("\n")
    assert command("--check")[:2] == (0, "docs/coverage.md is up to date, and everything is covered\n")


def test_the_command_exits_with_1_when_something_is_not_covered(command):
    path = command.root / "docs" / "seeds.toml"
    path.write_text(path.read_text("utf-8") + '[[system]]\nid = "A-2"\nsection = "1"\nwhat = "more"\n', "utf-8")
    code, _, err = command()
    assert (code, err) == (1, "  wrong: A-2 is covered by no exercise\n")
    assert command("--write")[0] == 1
    assert command("--check")[:2] == (1, "  wrong: A-2 is covered by no exercise\n")
