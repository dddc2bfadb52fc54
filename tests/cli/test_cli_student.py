"""A student's loop, with the real command: fetch, check, hint, submit, status, reset, undo."""

import json
import re
import shutil
import zipfile

import pytest
from cli_run import LESSON3, LESSON5, LESSONS, ROOT, nnedu, unfit

RIGHT_SHIFT = "Z - Z.max(axis=-1, keepdims=True)"


def edit(path, old, new):
    text = path.read_text("utf-8")
    assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in {path.name}"
    path.write_text(text.replace(old, new), "utf-8")


def spoil_softmax(workspace):
    """Make the mistake that every tutorial makes: no maximum is subtracted."""
    edit(workspace / LESSON3 / "activations.py", RIGHT_SHIFT, "Z")


def exercises(ran):
    return {one["id"]: one for one in ran.json["exercises"]}


# ------------------------------------------------------------------------------------------------- where am I


def test_outside_a_workspace_nnedu_says_how_to_begin(tmp_path):
    """`nnedu` alone names the lessons there are, and ends with the first command to type."""
    ran = nnedu(cwd=tmp_path)
    assert (ran.code, ran.err) == (0, "")
    assert "There is no workspace" in ran.out
    assert f"Lessons that came with nnedu: {', '.join(LESSONS)}." in ran.out
    assert ran.last_line.startswith(f"Next:  nnedu fetch {LESSONS[0]} ")


def test_inside_a_workspace_nnedu_says_what_is_next(workspace):
    """`nnedu` alone names the lesson, the file to open, and the command to type; from the lesson's folder too."""
    for folder in (workspace, workspace / LESSON3):
        ran = nnedu(cwd=folder)
        assert ran.code == 0
        assert f"{workspace / LESSON3 / 'activations.py'}  at sigmoid" in ran.out
        assert ran.last_line == "Next:  nnedu check lesson3"


def test_a_finished_lesson_leads_to_submit_and_the_next_lesson(solved):
    """When all of it passes, `nnedu` points to handing it in, and to the lesson that follows in the course."""
    assert nnedu("check", cwd=solved).code == 0
    ran = nnedu(cwd=solved)
    assert "Every exercise of it passes." in ran.out
    following = LESSONS[LESSONS.index("lesson3") + 1]
    assert ran.last_line == f"Next:  nnedu submit lesson3    or  nnedu fetch {following}"


def test_an_empty_workspace_is_told_to_fetch(tmp_path):
    """A workspace without lessons is no error of `nnedu`, and one of `nnedu check`."""
    (tmp_path / ".nnedu").mkdir()
    assert nnedu(cwd=tmp_path).last_line == "Next:  nnedu fetch LESSON"
    ran = nnedu("check", cwd=tmp_path)
    assert ran.code == 2
    assert "nnedu fetch" in ran.err


@pytest.mark.parametrize("command", ["check", "hint", "submit", "status", "undo"])
def test_outside_a_workspace_a_command_says_what_to_do(command, tmp_path):
    """Every command that needs a workspace says so in two lines, exits 2, and makes nothing."""
    ran = nnedu(command, cwd=tmp_path)
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.splitlines() == [
        f"There is no workspace in {tmp_path}, nor above it.",
        "Make one here by fetching a lesson: nnedu fetch LESSON",
    ]
    assert list(tmp_path.iterdir()) == []


# ------------------------------------------------------------------------------------------------- fetch


def test_fetch_lays_out_the_lesson(workspace):
    """A lesson is its README, figures and stubs; what nnedu needs is out of sight, and no solution is anywhere."""
    assert sorted(path.name for path in workspace.iterdir()) == [".nnedu", LESSON3]
    assert sorted(path.name for path in (workspace / LESSON3).iterdir()) == [
        "README.md",
        "activations.py",
        "debugging.py",
        "figures",
    ]
    assert sorted(path.name for path in (workspace / LESSON3 / "figures").iterdir()) == [
        "activations.svg",
        "softmax.svg",
    ]
    for name in ("activations.py", "debugging.py"):
        assert (workspace / LESSON3 / name).read_bytes() == (ROOT / "exercises" / LESSON3 / name).read_bytes()
    everything = b"".join(path.read_bytes() for path in workspace.rglob("*") if path.is_file())
    assert b"mistakes_activations" not in everything
    assert b"powers = np.exp(" not in everything


@pytest.mark.parametrize("name", ["lesson3", "3", "lesson03", "activations", LESSON3])
def test_fetch_knows_a_lesson_by_all_its_names(name, tmp_path):
    """A lesson may be typed by number, by topic or by its folder's name."""
    ran = nnedu("fetch", name, cwd=tmp_path)
    assert ran.code == 0
    assert ran.last_line == "Next:  nnedu check lesson3"
    assert (tmp_path / LESSON3 / "activations.py").is_file()


def test_fetching_again_keeps_what_was_typed(workspace):
    """A changed file stays as it is, and is said to."""
    path = workspace / LESSON3 / "activations.py"
    path.write_text("# mine\n")
    ran = nnedu("fetch", "3", cwd=workspace / LESSON3)
    assert ran.code == 0
    assert path.read_text() == "# mine\n"
    assert "activations.py           kept" in ran.out
    assert "debugging.py             unchanged" in ran.out


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        (["fetch", "backprobagation"], "Did you mean backpropagation"),
        (["fetch", "lesson99"], f"Known: {', '.join(LESSONS)}."),
        (["fetch", "lesson3", "--from", "nowhere"], "nowhere is not there."),
        (["fetch"], "Missing argument 'LESSON'"),
        (["check", "lesson99"], f"Known: {', '.join(LESSONS)}."),
        (["check", "lesson5"], "nnedu fetch lesson5"),
        (["check", "lesson3/sofmax"], "Did you mean softmax"),
        (["check", "sofmax"], "Did you mean softmax"),
        (["check", "activation"], "Did you mean activations"),
        (["hint", "lesson3/sofmax"], "Did you mean softmax"),
        (["submit", "lesson99"], f"Known: {', '.join(LESSONS)}."),
        (["reset", "lesson3/actvations", "--yes"], "Did you mean activations"),
        (["undo", "lesson99"], f"Known: {', '.join(LESSONS)}."),
        (["undo"], "There is nothing to undo"),
        (["chekc"], "Did you mean 'check'"),
        (["check", "--jsn"], "--json"),
    ],
)
def test_a_slip_of_the_fingers_is_answered_with_the_right_word(typed, said, workspace):
    """Whatever is misspelt or not there: exit code 2, a sentence, the word that may have been meant, no traceback."""
    ran = nnedu(*typed, cwd=workspace)
    assert (ran.code, ran.out) == (2, "")
    assert said in ran.err
    assert "Traceback" not in ran.err
    assert len(ran.err.splitlines()) <= 4


# ------------------------------------------------------------------------------------------------- check


def test_untouched_work_is_not_wrong(workspace):
    """Stubs are `not started`, in no alarming words, and the last line names the first function to write."""
    ran = nnedu("check", "lesson3", cwd=workspace)
    assert (ran.code, ran.err) == (1, "")
    assert ran.out.count("not started") == 11
    assert "0 of 11 exercises done, 0 of" in ran.out
    assert ran.last_line == "Next:  write sigmoid in activations.py, then  nnedu check lesson3/sigmoid"


def test_right_work_is_complete(solved):
    """All of it right: exit code 0, every exercise ticked, and on to submit."""
    ran = nnedu("check", cwd=solved)
    assert (ran.code, ran.err) == (0, "")
    assert ran.out.count("✓") == 11
    assert "Lesson 3 complete: 11 exercises" in ran.out
    assert ran.last_line == "Next:  nnedu submit lesson3"


@pytest.mark.parametrize("target", ["lesson3/softmax", "softmax", "3/softmax", "activations/softmax"])
def test_one_exercise_can_be_checked(target, solved):
    """Only the exercise is run; that it passes does not make the lesson complete."""
    ran = nnedu("check", target, cwd=solved)
    assert ran.code == 0
    assert ran.out.count("✓") == 1
    assert "softmax done: " in ran.out
    assert "Lesson 3 complete" not in ran.out
    assert ran.last_line == "Next:  nnedu check lesson3"


def test_only_what_was_checked_is_remembered(solved):
    """The JSON holds the one exercise, and so does the progress."""
    assert exercises(nnedu("check", "softmax", "--json", cwd=solved)).keys() == {"softmax"}
    states = {one["id"]: one["state"] for one in nnedu("status", "--json", cwd=solved).json["lessons"][0]["exercises"]}
    assert states.pop("softmax") == "passed"
    assert set(states.values()) == {"not_started"}


@pytest.mark.parametrize("target", [(), ("lesson3",), ("3",), (LESSON3,), ("activations",)])
def test_a_lesson_is_known_by_all_its_names_and_by_the_folder(target, solved):
    """From inside the lesson's folder no name is needed, and paths are those from there."""
    spoil_softmax(solved)
    ran = nnedu("check", *target, cwd=solved / LESSON3)
    assert ran.code == 1
    assert "\nsoftmax   activations.py:" in ran.out


def test_what_is_wrong_is_said_with_its_name(solved):
    """A known mistake is recognised: the place, the check, what was found, and what it matches."""
    spoil_softmax(solved)
    ran = nnedu("check", "lesson3", cwd=solved)
    assert ran.code == 1
    assert ran.out.count("✓") == 10
    lines = (solved / LESSON3 / "activations.py").read_text("utf-8").splitlines()
    (line,) = [number for number, text in enumerate(lines, 1) if text.startswith("def softmax(")]
    assert f"\nsoftmax   {LESSON3}/activations.py:{line}\n" in ran.out
    assert "checks pass; the first that does not:" in ran.out
    assert "is not finite" in ran.out
    assert "This matches, to 1e-9, what comes out when no maximum is subtracted" in ran.out
    assert "10 of 11 exercises done" in ran.out
    assert ran.last_line == "Next:  nnedu hint lesson3/softmax"


def test_a_factor_is_named(solved5):
    """A gradient that is m times too large is reported as that, with the table of parameters."""
    edit(
        solved5 / LESSON5 / "backprop.py",
        "    return grads\n",
        "    return {k: len(X) * v for k, v in grads.items()}\n",
    )
    ran = nnedu("check", "backprop", cwd=solved5)
    assert ran.code == 1
    assert "backprop                 the gradients are 7 times too large" in ran.out
    assert "yours / numerical" in ran.out
    assert "the batch holds m = 7 examples" in ran.out


def test_json_is_the_documented_object(solved):
    """`check --json` prints one object with just the documented keys, and nothing besides."""
    spoil_softmax(solved)
    ran = nnedu("check", "3", "--json", cwd=solved)
    assert (ran.code, ran.err) == (1, "")
    lesson = ran.json
    assert list(lesson) == ["lesson", "points", "max_points", "exercises"]
    assert lesson["lesson"] == LESSON3
    assert lesson["points"] == sum(one["points"] for one in lesson["exercises"])
    assert lesson["max_points"] == sum(one["max_points"] for one in lesson["exercises"])
    for one in lesson["exercises"]:
        assert list(one) == ["id", "state", "points", "max_points", "summary", "diagnosis", "checks", "notes"]
        assert one["points"] == sum(check["points"] for check in one["checks"])
        for check in one["checks"]:
            assert list(check) == ["id", "sentence", "state", "points", "max_points", "message"]
    softmax = exercises(ran)["softmax"]
    assert softmax["state"] == "failed"
    assert list(softmax["diagnosis"]) == ["mistake", "sentence"]
    assert softmax["diagnosis"]["sentence"].startswith("no maximum is subtracted")
    assert exercises(ran)["relu"]["diagnosis"] is None


def test_the_text_says_what_the_json_says(solved):
    """Text and JSON are two renderings of one outcome."""
    spoil_softmax(solved)
    text, facts = nnedu("check", cwd=solved).out, nnedu("check", "--json", cwd=solved).json
    assert f"{facts['points']} of {facts['max_points']} points" in text
    for one in facts["exercises"]:
        assert f"{one['id']:<24} {one['summary']}"[:90] in text


def test_a_fault_of_the_course_is_never_the_students(workspace):
    """A recording that is gone is a mistake in the course: exit code 3, nothing counted, a report to send."""
    for path in (workspace / ".nnedu" / "lessons" / LESSON3 / "traces").glob("relu.*"):
        path.unlink()
    (workspace / LESSON3 / "activations.py").write_bytes((ROOT / "solutions" / LESSON3 / "activations.py").read_bytes())
    ran = nnedu("check", "relu", cwd=workspace)
    assert ran.code == 3
    assert "a mistake in the course, not in your code" in ran.out
    (report,) = (workspace / ".nnedu").glob("course-fault-*.txt")
    assert ran.last_line == f"Please send {report} to your instructor."
    assert "relu/" in report.read_text("utf-8")
    one = exercises(nnedu("check", "relu", "--json", cwd=workspace))["relu"]
    assert (one["state"], one["max_points"]) == ("fault", 0)


def test_a_damaged_lesson_says_to_fetch_again(workspace):
    """Where nnedu's own files are damaged, no traceback: fetch puts them right, and the student's files stay."""
    (workspace / ".nnedu" / "lessons" / LESSON3 / "bundle.json").write_text("{")
    ran = nnedu("check", cwd=workspace)
    assert ran.code == 2
    assert "nnedu fetch" in ran.err
    assert nnedu("fetch", "3", cwd=workspace).code == 0
    assert nnedu("check", cwd=workspace).code == 1


@pytest.mark.parametrize("environment", [{"TERM": "dumb"}, {"PYTHONUTF8": "0", "PYTHONIOENCODING": "ascii"}])
def test_a_plain_terminal_gets_plain_characters(environment, solved):
    """Where no Unicode can be shown, ASCII signs take its place."""
    spoil_softmax(solved)
    ran = nnedu("check", cwd=solved, **environment)
    assert ran.code == 1
    assert ran.out.isascii()
    assert ran.out.count("\n  ok ") == 10
    assert "\n  -- softmax" in ran.out


def test_no_colour_and_no_control_characters_without_a_terminal(solved):
    """What is not a terminal gets no escape sequence, with or without NO_COLOR."""
    assert unfit(nnedu("check", cwd=solved, NO_COLOR="").out) == []


# ------------------------------------------------------------------------------------------------- hint


def test_hints_come_in_three_steps_and_fit_the_mistake(solved):
    """Each `nnedu hint` gives the next hint on what the last check found; the last one stays readable."""
    spoil_softmax(solved)
    nnedu("check", cwd=solved)
    bundle = json.loads((solved / ".nnedu" / "lessons" / LESSON3 / "bundle.json").read_text("utf-8"))
    (mistake,) = [one for one in bundle["mistakes"] if one["sentence"].startswith("no maximum is subtracted")]
    given = [nnedu("hint", cwd=solved) for _ in range(4)]
    for ran, level in zip(given, (1, 2, 3, 3), strict=True):
        assert (ran.code, ran.err) == (0, "")
        assert ran.out.startswith(f"softmax, hint {level} of 3\n")
        assert " ".join(mistake["hints"][level - 1].split()) in " ".join(ran.out.split())
        assert ran.last_line.startswith("Next:  nnedu check lesson3/softmax")
        assert ("nnedu hint" in ran.last_line) == (level < 3)


def test_hints_are_general_where_no_mistake_is_recognised(workspace):
    """Before any check, and for an exercise that is named, there are hints as well."""
    ran = nnedu("hint", "lesson3/relu", cwd=workspace)
    assert ran.out.startswith("relu was not checked yet.\nrelu, hint 1 of 3 (general)\n")
    assert "sigmoid, hint 1 of 3 (general)\n" in nnedu("hint", cwd=workspace).out


def test_another_mistake_begins_with_its_own_first_hint(solved):
    """Hints are counted for each mistake."""
    spoil_softmax(solved)
    nnedu("check", cwd=solved)
    nnedu("hint", cwd=solved)
    edit(solved / LESSON3 / "activations.py", "powers = np.exp(Z)", "powers = np.exp(Z - Z.max())")
    nnedu("check", cwd=solved)
    ran = nnedu("hint", "softmax", cwd=solved)
    assert ran.out.startswith("softmax, hint 1 of 3\n")


# ------------------------------------------------------------------------------------------------- submit


def submitted(classroom):
    return sorted((classroom / LESSON3).glob("*.zip"))


@pytest.mark.parametrize("by", ["option", "environment", "settings"])
def test_submit_files_a_zip_in_the_classroom_and_keeps_a_receipt(by, solved, tmp_path):
    """The classroom is named by --to, by the environment or by the settings; the receipt says what went in."""
    classroom = tmp_path / "classroom"
    classroom.mkdir()
    (solved / LESSON3 / "notes.txt").write_text("mine")
    options, environment = [], {}
    if by == "option":
        options = ["--to", classroom]
    elif by == "environment":
        environment = {"NNEDU_CLASSROOM": str(classroom)}
    else:
        (solved / ".nnedu" / "settings.toml").write_text(f"classroom = {json.dumps(str(classroom))}\n")
    ran = nnedu("submit", "lesson3", "--as", "ada", *options, cwd=solved, **environment)
    assert (ran.code, ran.err) == (0, "")
    (path,) = submitted(classroom)
    assert path.name.startswith("ada_")
    with zipfile.ZipFile(path) as archive:
        modules = [f"{LESSON3}/{name}" for name in ("activations.py", "answers.toml", "debugging.py")]
        assert archive.namelist() == ["manifest.json", *modules]
        assert archive.read(f"{LESSON3}/debugging.py") == (solved / LESSON3 / "debugging.py").read_bytes()
    assert "handed in, as ada" in ran.out
    assert re.search(r"^  notes\.txt +stays here$", ran.out, re.MULTILINE)
    assert f"\n  {path}\n" in ran.out
    (receipt,) = (solved / ".nnedu" / "receipts").glob("*.json")
    kept = json.loads(receipt.read_text("utf-8"))
    assert f"receipt {kept['id']}" in ran.out
    assert kept["path"] == str(path)
    assert f"{kept['points']} of {kept['max_points']} points in the public checks" in ran.out


def test_submit_without_a_classroom_leaves_the_zip_for_uploading(solved):
    """Without a classroom nothing leaves the machine, and the file to upload is named."""
    ran = nnedu("submit", cwd=solved / LESSON3)
    assert ran.code == 0
    (path,) = submitted(solved / "submissions")
    assert path.name.startswith("sam_")  # the name on this machine
    assert "There is no classroom here" in ran.out
    assert f"\n  {path}\n" in ran.out


def test_submitting_the_same_work_again_says_so(solved, tmp_path):
    """Identical work is one submission; changed work is another, under the name that was given once."""
    (classroom := tmp_path / "classroom").mkdir()
    first = nnedu("submit", "3", "--to", classroom, "--as", "Ada Lovelace", cwd=solved)
    again = nnedu("submit", "3", "--to", classroom, cwd=solved)
    assert (again.code, len(submitted(classroom))) == (0, 1)
    assert "This very work is already submitted" in again.out
    number = again.out.split("receipt ")[1].split(",")[0]
    assert f"receipt {number}" in first.out
    spoil_softmax(solved)
    changed = nnedu("submit", "3", "--to", classroom, cwd=solved)
    assert changed.code == 0
    assert "handed in, as Ada Lovelace" in changed.out
    assert len(submitted(classroom)) == 2


def test_wrong_and_unfinished_work_may_be_submitted(workspace, tmp_path):
    """Handing in is never refused for what the work is worth; a file that is not there is said to be missing."""
    (classroom := tmp_path / "classroom").mkdir()
    (workspace / LESSON3 / "debugging.py").unlink()
    ran = nnedu("submit", "3", "--to", classroom, cwd=workspace)
    assert ran.code == 0
    assert "0 of " in ran.out
    assert "debugging.py is missing" in ran.out
    with zipfile.ZipFile(submitted(classroom)[0]) as archive:
        assert archive.namelist() == ["manifest.json", f"{LESSON3}/activations.py"]


@pytest.mark.parametrize("by", ["--to", "NNEDU_CLASSROOM", "settings.toml"])
def test_a_classroom_that_is_not_there_is_said_before_anything_is_run(by, solved, tmp_path):
    """The sentence names the folder, and where it was named."""
    gone = tmp_path / "gone"
    options = ["--to", gone] if by == "--to" else []
    environment = {"NNEDU_CLASSROOM": str(gone)} if by == "NNEDU_CLASSROOM" else {}
    if by == "settings.toml":
        (solved / ".nnedu" / "settings.toml").write_text(f"classroom = {json.dumps(str(gone))}\n")
    ran = nnedu("submit", "3", *options, cwd=solved, **environment)
    assert (ran.code, ran.out) == (2, "")
    assert f"There is no classroom at {gone}." in ran.err
    assert by in ran.err


@pytest.mark.parametrize("name", ["../eve", "=1+1", "a/b", "", ".hidden", "x" * 65, "a\x1b[31m"])
def test_a_name_that_cannot_be_a_file_is_refused(name, solved):
    """A student's name becomes the name of a file and a cell of a table: nothing else passes."""
    ran = nnedu("submit", "3", "--as", name, cwd=solved)
    if name:
        assert ran.code == 2
        assert "letters, digits" in ran.err
        assert unfit(ran.err) == []
    else:  # as if it had not been given
        assert ran.code == 0
        assert "as sam" in ran.out


# ------------------------------------------------------------------------------------------------- status


def test_status_shows_every_lesson_as_of_the_last_check(both):
    """A bar and a line for each exercise, lessons in their order, and what to do next."""
    before = nnedu("status", cwd=both)
    assert before.code == 0
    assert "░" * 20 + "  0 of " in before.out
    assert "sigmoid                  not started" in before.out
    nnedu("check", "3", cwd=both)
    ran = nnedu("status", cwd=both)
    assert ran.out.index("Lesson 3  ") < ran.out.index("Lesson 5  ")
    assert "█" * 20 in ran.out
    assert ran.last_line == "Next:  nnedu check lesson5"
    lessons = nnedu("status", "--json", cwd=both).json["lessons"]
    assert [lesson["lesson"] for lesson in lessons] == [LESSON3, LESSON5]
    for lesson in lessons:
        assert list(lesson) == ["lesson", "title", "points", "max_points", "checked_at", "edited", "exercises"]
        assert list(lesson["exercises"][0]) == ["id", "state", "points", "max_points", "summary"]
    assert lessons[0]["points"] == lessons[0]["max_points"] > 0 == lessons[1]["points"]


# ------------------------------------------------------------------------------------------------- reset, undo


def test_reset_is_undone_by_undo(solved):
    """Reset puts stubs in place and names the command that takes it back; that command does."""
    path = solved / LESSON3 / "activations.py"
    mine = path.read_bytes()
    ran = nnedu("reset", "lesson3/softmax", "--yes", cwd=solved)
    assert ran.code == 0
    assert "Fresh: activations.py\n" in ran.out
    assert path.read_bytes() == (ROOT / "exercises" / LESSON3 / "activations.py").read_bytes()
    assert (solved / LESSON3 / "debugging.py").read_bytes() == (
        ROOT / "solutions" / LESSON3 / "debugging.py"
    ).read_bytes()
    undone = nnedu("undo", "lesson3", cwd=solved)
    assert undone.code == 0
    assert re.match(r"Put back activations\.py as of .* \(reset\)\.\n", undone.out)
    assert path.read_bytes() == mine


@pytest.mark.parametrize(("answer", "changed"), [("n\n", False), ("", False), ("y\n", True)])
def test_reset_asks(answer, changed, solved):
    """Without --yes it asks, and no answer is no."""
    path = solved / LESSON3 / "debugging.py"
    mine = path.read_bytes()
    ran = nnedu("reset", "lesson3/debugging", cwd=solved, typed=answer)
    assert (path.read_bytes() != mine) == changed
    assert "debugging.py" in ran.out
    assert "Traceback" not in ran.err


def test_undo_walks_back_through_the_checks(solved):
    """Every check keeps a copy; undo goes back one at a time, and says when it is at the earliest."""
    path = solved / LESSON3 / "activations.py"
    states = []
    for number in range(3):
        path.write_text(f"# {number}\n" + path.read_text("utf-8"), "utf-8")
        states.append(path.read_bytes())
        nnedu("check", "relu", cwd=solved)
    path.unlink()
    for state in reversed(states):
        ran = nnedu("undo", cwd=solved)
        assert ran.code == 0
        assert ran.last_line.startswith("Next:  nnedu undo lesson3")
        assert path.read_bytes() == state
    ran = nnedu("undo", cwd=solved)
    assert ran.code == 2
    assert "the earliest that was kept" in ran.err
    assert path.read_bytes() == states[0]


def test_undo_names_the_lesson_that_it_was_about(both):
    """With two lessons, what is offered next goes on in the same one."""
    nnedu("check", "relu_backward", cwd=both)
    (both / LESSON5 / "backprop.py").write_text("# oops\n")
    ran = nnedu("undo", "5", cwd=both)
    assert ran.last_line.startswith("Next:  nnedu undo lesson5")


# ------------------------------------------------------------------------------------------------- help


def commands():
    import click

    from nnedu.cli import nnedu as group

    found = []

    def walk(command, path):
        found.append(path)
        if isinstance(command, click.Group):
            for name, child in command.commands.items():
                walk(child, [*path, name])

    walk(group, [])
    return found


@pytest.mark.parametrize("command", commands(), ids=" ".join)
def test_every_command_explains_itself(command, tmp_path):
    """`--help` says in a sentence what it does, and of every option what it means; it exits 0 and fits 80 columns."""
    ran = nnedu(*command, "--help", cwd=tmp_path)
    assert (ran.code, ran.err) == (0, "")
    assert unfit(ran.out) == []
    assert "\\b" not in ran.out
    assert all(len(line) <= 80 for line in ran.out.splitlines()), ran.out
    assert "..." not in re.sub(r"(?<=[A-Z\]])\.\.\.", "", ran.out)  # but behind what may be given several times
    usage, explanation = ran.out.split("\n\n")[:2]
    assert usage.startswith(f"Usage: {' '.join(['nnedu', *command])}")
    assert explanation.strip().endswith((".", ":"))
    options = ran.out.split("Options:\n")[1].split("\n\n")[0]
    for line in options.splitlines():
        if line.startswith("  -"):
            assert len(line.split("  ")) >= 3 or line in options.splitlines()[:-1], f"no explanation: {line}"


def test_the_version(tmp_path):
    """`nnedu --version` prints it."""
    from nnedu import __version__

    ran = nnedu("--version", cwd=tmp_path)
    assert (ran.code, ran.out) == (0, f"nnedu {__version__}\n")


# ------------------------------------------------------------------------------------------------- a disk in the way


def test_a_workspace_that_cannot_be_written_says_so(solved):
    """A file where a folder should be: the sentence names it, nothing is changed, no traceback."""
    (solved / ".nnedu" / "history").write_text("in the way")
    before = {path: path.read_bytes() for path in (solved / LESSON3).glob("*.py")}
    for command in (["check"], ["submit"], ["reset", "3", "--yes"], ["undo"]):
        ran = nnedu(*command, cwd=solved)
        assert ran.code == 2
        assert str(solved / ".nnedu" / "history") in ran.err
        assert "Traceback" not in ran.err
    assert {path: path.read_bytes() for path in before} == before


def test_a_lesson_that_cannot_be_laid_out_says_so(tmp_path):
    """A file with the name of the lesson's folder: fetch refuses, and the file stays."""
    (tmp_path / LESSON3).write_text("mine")
    ran = nnedu("fetch", "3", cwd=tmp_path)
    assert ran.code == 2
    assert str(tmp_path / LESSON3) in ran.err
    assert "Traceback" not in ran.err
    assert (tmp_path / LESSON3).read_text() == "mine"


def test_a_classroom_that_cannot_be_written_says_so(solved, tmp_path):
    """A file where the lesson's folder of the classroom should be: no receipt for what was not handed in."""
    (classroom := tmp_path / "classroom").mkdir()
    (classroom / LESSON3).write_text("in the way")
    ran = nnedu("submit", "3", "--to", classroom, cwd=solved)
    assert ran.code == 2
    assert str(classroom.resolve() / LESSON3) in ran.err
    assert not list((solved / ".nnedu").glob("receipts/*"))


def test_a_full_disk_while_submitting_loses_nothing(solved, tmp_path, monkeypatch):
    """No room in the classroom: a sentence, no receipt, no half zip, and the next try succeeds."""
    import errno
    import os
    from datetime import UTC, datetime

    from nnedu.errors import WorkspaceError
    from nnedu.workspace.submission import pack, receipts, submit
    from nnedu.workspace.workspace import Workspace

    (classroom := tmp_path / "classroom").mkdir()
    workspace = Workspace.find(solved)
    packed = pack(workspace, LESSON3, "ada", datetime(2026, 3, 4, tzinfo=UTC))

    def full(_descriptor):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", full)
        with pytest.raises(WorkspaceError, match="There is no room on the disk") as refused:
            submit(workspace, packed, classroom, points=1, max_points=2)
    assert "type the command again" in refused.value.next_step
    assert list(classroom.rglob("*.*")) == receipts(workspace) == []
    assert submit(workspace, packed, classroom, points=1, max_points=2).already is False


@pytest.mark.parametrize("damage", ["progress.json", "settings.toml"])
def test_damaged_notes_of_nnedu_are_said_and_got_over(damage, solved):
    """A damaged file in .nnedu is named with a next step; the student's own files are not touched."""
    nnedu("check", cwd=solved)
    (solved / ".nnedu" / damage).write_text("{ not = what [ it was")
    ran = nnedu("status" if damage == "progress.json" else "submit", cwd=solved)
    assert ran.code == 2
    assert damage in ran.err
    assert "Traceback" not in ran.err
    if damage == "progress.json":  # set aside, and begun afresh
        assert nnedu("status", cwd=solved).code == 0


def test_nnedu_does_not_work_inside_the_course(tmp_path):
    """The course's own folder is no workspace: nothing is written there."""
    course = tmp_path / "course"
    (course / "solutions").mkdir(parents=True)
    shutil.copy(ROOT / "course.toml", course)
    ran = nnedu("fetch", "3", cwd=course)
    assert ran.code == 2
    assert "is the course itself" in ran.err
    assert sorted(path.name for path in course.iterdir()) == ["course.toml", "solutions"]
