"""Whatever a student hands in: a sentence that says where and what next, and every other exercise is still graded."""

import json

import pytest
from cli_bad_input import CASES, VICTIM
from cli_run import LESSON3, ROOT, answered, nnedu, unfit

BY_ID = [pytest.param(case, id=case.id) for case in CASES]
SOLUTION = ROOT / "solutions" / LESSON3


def spoil(folder, case):
    path = folder / case.file
    data = case.spoil((SOLUTION / case.file).read_bytes())
    if data is None:
        path.unlink(missing_ok=True)
    else:
        path.write_bytes(data)


def judge(case, exercises):
    """No exercise but those of the accident loses anything, and one of those says what happened."""
    by_id = {one["id"]: one for one in exercises}
    assert len(by_id) == 11
    assert "fault" not in {one["state"] for one in exercises} | {c["state"] for one in exercises for c in one["checks"]}
    for one in exercises:
        if one["id"] not in case.hurt or case.state == "passed":
            assert (one["state"], one["points"]) == ("passed", one["max_points"]), one
    for name in case.hurt:
        assert by_id[name]["points"] < by_id[name]["max_points"] or case.state == "passed"
    blamed = [by_id[name] for name in sorted(case.hurt)]
    assert not blamed or case.state in {one["state"] for one in blamed}
    said = "\n".join(f"{one['summary']}\n{c['message']}" for one in blamed for c in one["checks"])
    assert [part for part in case.says if part not in said] == [], said
    assert "Traceback" not in said
    assert "nnedu/" not in said  # no frame of the engine
    assert unfit(said) == []


@pytest.mark.parametrize("case", BY_ID)
def test_a_check_says_what_is_wrong_and_grades_the_rest(case, hasty_solved):
    """`nnedu check`: the screen has the sentence and a next step, exit code 1 (0 where nothing is wrong)."""
    spoil(hasty_solved / LESSON3, case)
    ran = nnedu("check", "lesson3", "--json", cwd=hasty_solved)
    assert ran.code == (0 if case.state == "passed" else 1), ran
    assert ran.err == ""
    judge(case, ran.json["exercises"])


@pytest.fixture(scope="module")
def graded(hasty, tmp_path_factory):
    """Grade a class in which every student had another accident, with the good ones in between."""
    folder = tmp_path_factory.mktemp("class")
    for case in CASES:
        student = folder / "handed-in" / case.id
        student.mkdir(parents=True)
        for name in ("activations.py", "debugging.py"):
            (student / name).write_bytes((SOLUTION / name).read_bytes())
        for name, text in answered(LESSON3, hasty).items():
            (student / name).write_text(text, "utf-8")
        spoil(student, case)
    ran = nnedu("grade", "lesson3", "handed-in", "--course", hasty, "--out", "out", cwd=folder)
    return ran, json.loads((folder / "out" / "grades.json").read_text("utf-8")), folder / "out"


@pytest.mark.parametrize("case", BY_ID)
def test_a_grading_says_the_same_and_goes_on(case, graded):
    """`nnedu grade`: the accident of one student costs what it must, and no one else anything."""
    ran, grades, out = graded
    assert ran.code == 0
    mine = next(one for one in grades["submissions"] if one["student"] == case.id)
    judge(case, mine["exercises"])
    feedback = (out / "feedback" / f"{case.id}.txt").read_text("utf-8")
    assert unfit(feedback) == []
    assert "Traceback" not in feedback
    if case.state not in {"passed", "not_started"}:
        assert any(part in feedback for part in case.says), feedback


def test_a_class_full_of_accidents_is_one_clean_table(graded):
    """The table names every student once, and holds no character that a terminal obeys."""
    ran, grades, _ = graded
    assert [one["student"] for one in grades["submissions"]] == sorted(case.id for case in CASES)
    assert unfit(ran.out) == unfit(ran.err) == []
    for case in CASES:
        assert sum(line.startswith(f"{case.id}  ") for line in ran.out.splitlines()) == 1


@pytest.mark.parametrize("id_", ["syntax error", "missing", "edits its input", "loops", "raises"])
def test_the_screen_ends_with_the_next_step(id_, hasty_solved):
    """The screen of a check shows the first cause, and its last line is what to type next."""
    case = next(case for case in CASES if case.id == id_)
    spoil(hasty_solved / LESSON3, case)
    ran = nnedu("check", "lesson3", cwd=hasty_solved)
    assert ran.code == 1
    assert [part for part in case.says if part not in ran.out] == [], ran.out
    mend = "" if id_ == "edits its input" else "mend "
    assert ran.last_line.startswith(f"Next:  {mend or 'nnedu hint lesson3/'}")
    assert "Traceback" not in ran.out + ran.err
    assert VICTIM in ran.out
