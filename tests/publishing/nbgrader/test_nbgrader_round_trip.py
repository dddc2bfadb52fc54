"""A lesson through nbgrader and back, with its own commands, for students whose points are known."""

import csv
import json
import re
import shutil
from pathlib import Path

from nbgrader_class import EARNED, LINES, SIX, NbgraderClass, cell_of, text_of

from nnedu.publishing.nbgrader.config import Mode
from nnedu.publishing.nbgrader.gradebook import push_scores, read_scores
from nnedu.publishing.nbgrader.notebook import OURS
from nnedu.publishing.nbgrader.statements import grade_id_of

CORRUPT = "{not a notebook"


def points(klass: NbgraderClass) -> dict[str, float]:
    """Return the points of every student in nbgrader's gradebook."""
    found: dict[str, float] = {}
    for score in read_scores(klass.database, LINES):
        found[score.student] = found.get(score.student, 0.0) + score.points
    return found


def test_what_is_released_is_the_course_s_own_stub_and_no_solution(released):
    layout, notebook = released.layout, released.released()
    for cell in layout.cells:
        if cell.grade_id and cell.role == "solution":
            assert text_of(cell_of(notebook, cell.grade_id)) == cell.released
    place = released.folder / "release" / LINES
    assert sorted(path.name for path in place.iterdir()) == [f"{LINES}.ipynb", f"{LINES}.zip"]
    for path in place.rglob("*"):
        data = path.read_bytes()
        for secret in (b"SOLUTION", b"_centred", b"score_cell", b"HIDDEN", b"_SECRET"):
            assert secret not in data
    assert all(OURS not in cell["metadata"] for cell in notebook["cells"])


def test_exporting_and_generating_again_changes_nothing(released):
    source = released.folder / "source" / LINES / f"{LINES}.ipynb"
    release = released.folder / "release" / LINES / f"{LINES}.ipynb"
    before = source.read_bytes(), release.read_bytes()
    assert released.export().written == []
    released.run("generate_assignment", LINES, "--force")
    assert (source.read_bytes(), release.read_bytes()) == before


def test_validate_says_success_to_who_is_right_and_names_the_cell_of_who_is_not(released):
    desk = released.root / "students" / "validated"
    desk.mkdir()
    shutil.copy(released.folder / "release" / LINES / f"{LINES}.zip", desk)
    notebook = released.answered()
    (desk / "right.ipynb").write_text(json.dumps(notebook), "utf-8")
    (desk / "wrong.ipynb").write_text(json.dumps(released.answered(SIX["cy"])), "utf-8")
    done = released.run("validate", "right.ipynb", cwd=desk)
    assert "Success! Your notebook passes all the tests." in done.stdout
    done = released.run("validate", "wrong.ipynb", cwd=desk)
    assert "VALIDATION FAILED ON 1 CELL(S)!" in done.stdout
    assert "step: not every check passes" in done.stdout


def test_six_students_earn_what_is_known(graded):
    assert points(graded) == EARNED


def test_scores_are_plain_floats_with_the_words_of_nnedu_beside_them(graded):
    cell = cell_of(graded.graded("cy"), "step-hidden")
    stream, result = cell["outputs"]
    assert stream["name"] == "stdout"
    assert "".join(stream["text"]).startswith("step  0/3  not yet\n    not yet: step walks as the reference does")
    assert re.fullmatch(r"\d+\.\d+", "".join(result["data"]["text/plain"]))
    assert text_of(cell_of(graded.graded("ada"), "line-hidden")).count("score_cell") == 2  # the call, and its import


def test_the_kernel_gives_the_same_scores(graded, tmp_path):
    """Grading in the kernel, as stock nbgrader does; on a copy, as its course is used by other tests."""
    copy = tmp_path / "copy"
    shutil.copytree(graded.root, copy)
    klass = object.__new__(NbgraderClass)
    klass.__dict__ |= vars(graded) | {"root": copy}
    klass.export(Mode.KERNEL)
    klass.run("autograde", LINES, "--force")
    assert points(klass) == EARNED
    cell = cell_of(klass.graded("cy"), "step-hidden")
    assert [one["output_type"] for one in cell["outputs"]] == ["stream", "execute_result"]
    confined = cell_of(graded.graded("cy"), "step-hidden")
    assert cell["outputs"][0]["text"] == confined["outputs"][0]["text"]


def test_feedback_reaches_students_and_shows_no_check(graded):
    graded.run("generate_feedback", LINES)
    graded.run("release_feedback", LINES)
    pages = {path.parts[-3]: path.read_text("utf-8") for path in (graded.folder / "feedback").rglob("*.html")}
    assert set(pages) == set(EARNED)
    grader = (graded.course / "graders" / LINES / "test_lines.py").read_text("utf-8")
    hidden = [line.strip() for line in grader.splitlines() if len(line.strip()) > 30 and "assert" in line]
    assert hidden
    for page in pages.values():
        assert not [line for line in hidden if line in page]
        assert "_centred" not in page or page is not pages["fay"]
    assert "walks as the reference does" in pages["cy"]
    place = graded.root / "students" / "cy"
    graded.run("fetch_feedback", LINES, cwd=place, check=False)  # finds its own by the unix user: there is but one here
    assert (graded.root / "exchange" / "lines" / "feedback").is_dir()
    assert len(list((graded.root / "exchange" / "lines" / "feedback").iterdir())) == len(EARNED)


def test_export_has_a_column_for_each_exercise_and_no_formula(graded):
    with_name = graded.folder / "out.csv"
    graded.run("db", "student", "add", "ben", "--last-name==1+1", "--first-name=A,B")
    graded.run("export", "--to", str(with_name))
    with with_name.open(encoding="utf-8", newline="") as file:
        rows = {row["student_id"]: row for row in csv.DictReader(file)}
    assert {student: float(row["score"]) for student, row in rows.items() if row["score"]} == EARNED
    assert rows["ben"][f"{LINES}/slope_gradient"] == "0.0"
    assert (rows["ben"]["last_name"], rows["ben"]["first_name"]) == ("'=1+1", "A,B")
    assert rows["ada"]["max_score"] == "18.0"


def test_marks_of_a_person_are_seen_as_such(graded, tmp_path):
    from nbgrader.api import Gradebook

    copy = tmp_path / "gradebook.db"
    shutil.copy(graded.folder / "gradebook.db", copy)
    url = f"sqlite:///{copy}"
    with Gradebook(url, course_id="lines") as book:
        book.find_grade("step-hidden", LINES, LINES, "cy").manual_score = 2.5
        book.find_grade("line-hidden", LINES, LINES, "cy").extra_credit = 1.0
        book.db.commit()
    flags = {
        one.exercise: (one.points, one.flags) for one in read_scores(url, LINES) if one.student == "cy" and one.flags
    }
    assert flags == {
        "step": (2.5, ("step: 2.5 set by hand",)),
        "line": (8.0, ("line: 1 extra credit", "line: 8 of 7")),
    }


def test_points_of_ours_are_written_and_a_persons_mark_stays(graded, tmp_path):
    from nbgrader.api import Gradebook

    copy = tmp_path / "gradebook.db"
    shutil.copy(graded.folder / "gradebook.db", copy)
    url = f"sqlite:///{copy}"
    with Gradebook(url, course_id="lines") as book:
        book.find_grade("step-hidden", LINES, LINES, "cy").manual_score = 2.5
        book.db.commit()
    assert push_scores(url, LINES, [("gus", "line", 5.0), ("gus", "fit", 99.0), ("cy", "step", 1.0)]) == 3
    found = {(one.student, one.exercise): one for one in read_scores(url, LINES)}
    assert found["gus", "line"].points == 5.0
    assert found["gus", "fit"].points == 3.0
    assert (found["cy", "step"].auto, found["cy", "step"].points) == (1.0, 2.5)


def test_formgrader_shows_the_scores_in_a_browser(graded, formgrader):
    page = formgrader(f"/formgrader/gradebook/{LINES}")
    page.wait_for_selector("td:has-text('10.67 / 18')")  # 64 points of 6 students
    page = formgrader(f"/formgrader/manage_submissions/{LINES}")
    page.wait_for_selector("td:has-text('16 / 18')")
    rows = [text.split("\t") for text in page.locator("table tbody tr").all_inner_texts()]
    assert {row[1].strip(): row[4].strip() for row in rows} == {name: f"{had} / 18" for name, had in EARNED.items()}
    page = formgrader(f"/formgrader/gradebook/{LINES}/{LINES}")
    page.locator("tr:has-text('16 / 18') a:has-text('Submission #')").click()
    page.wait_for_selector("text=slope_gradient  0/2  not yet")  # the words of nnedu, where a person grades by hand


def test_every_graded_cell_of_every_student_is_in_its_place(graded):
    wanted = [cell.grade_id for cell in graded.layout.cells if cell.grade_id]
    for student in EARNED:
        assert [grade_id_of(cell) for cell in graded.graded(student)["cells"] if grade_id_of(cell)] == wanted
    assert Path(graded.folder / "submitted" / "ada" / LINES / "timestamp.txt").is_file()
